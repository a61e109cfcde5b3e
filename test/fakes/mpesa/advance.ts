import { textOf, type Json, type JsonObject } from '../frame/json-text.js';
import { payIn } from './c2b.js';
import { endPush } from './settle-push.js';
import { STK_RESULTS, type StkCode } from './stk-results.js';
import type { MpesaWorld } from './world.js';

/**
 * Settles what waits: `{ref, to}` the last prompt with this CheckoutRequestID, account reference or number of a phone, `to`
 * being a result code (0 approves it); `told` is how often the callback goes out. `{pay: {shortcode, amount, msisdn,
 * billReference}}` is a payment from a phone's menu.
 */
export async function advance(world: MpesaWorld, order: JsonObject): Promise<Json> {
  if (order['pay'] !== undefined) {
    const { shortcode, amount, msisdn, billReference } = order['pay'] as JsonObject;
    const payment = {
      shortcode: textOf(shortcode),
      amount: Number(amount),
      msisdn: textOf(msisdn),
      billReference: textOf(billReference),
    };
    const entry = await payIn(world, payment);
    return { receipt: entry?.receipt ?? null };
  }
  const ref = textOf(order['ref']);
  const push = world.pushes.findLast((known) =>
    [known.checkoutRequestId, known.accountReference, known.msisdn].includes(ref),
  );
  if (!push) throw new Error(`There is no prompt for ${ref}.`);
  const code = textOf(order['to'], '0');
  if (!(code in STK_RESULTS))
    throw new Error(`There is no result ${code}: ${Object.keys(STK_RESULTS).join(', ')}.`);
  const told = order['told'] === 0 || order['told'] === 2 ? order['told'] : 1;
  endPush(world, push, code as StkCode, told);
  return {
    checkoutRequestId: push.checkoutRequestId,
    result: push.result?.code ?? null,
    receipt: push.receipt,
  };
}
