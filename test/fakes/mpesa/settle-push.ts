import { callBack, confirm } from './callbacks.js';
import { subscriberOf } from './options.js';
import { STK_RESULTS, type StkCode } from './stk-results.js';
import type { LedgerEntry, MpesaWorld, PhoneBehaviour, Push } from './world.js';

const UNREACHABLE_AFTER_MS = 60_000;
const LATE_AFTER_MS = 90_000;
const TWO_MINUTES_MS = 120_000;

/** How often the business is told of a result. */
type Told = 0 | 1 | 2;

/** Lets the customer do what that customer does. */
export function letCustomerAct(world: MpesaWorld, push: Push, behaviour: PhoneBehaviour): void {
  const after = (ms: number, code: StkCode, told: Told = 1) =>
    world.clock.after(ms, () => endPush(world, push, code, told));
  const soon = world.answerAfterMs;
  switch (behaviour) {
    case 'approve':
      return after(soon, '0');
    case 'cancel':
      return after(soon, '1032');
    case 'insufficient':
      return after(soon, '1');
    case 'wrong-pin':
      return after(soon, '2001');
    case 'expire':
      return after(UNREACHABLE_AFTER_MS, '1019');
    case 'callback-lost':
      return after(soon, '0', 0);
    case 'callback-twice':
      return after(soon, '0', 2);
    case 'approve-late':
      after(UNREACHABLE_AFTER_MS, '1037');
      return after(LATE_AFTER_MS, '0');
    // A prompt that nobody answers, on its page or at all, goes away.
    case 'ask':
    case 'ignore':
      return after(UNREACHABLE_AFTER_MS, '1037');
    // The push itself has seen to these.
    case 'busy':
    case 'callback-first':
  }
}

/** Ends a prompt. One that could not be reached may still be approved; every other end is the last. */
export function endPush(world: MpesaWorld, push: Push, wanted: StkCode, told: Told = 1): void {
  if (push.result !== null && !(push.result.code === '1037' && wanted === '0')) return;
  const code = wanted === '0' ? codeOfApproval(world, push) : wanted;
  push.result = { code, description: STK_RESULTS[code] };
  const entry = code === '0' ? take(world, push) : null;
  for (let times = 0; times < told; times++) callBack(world, push);
  if (entry) confirm(world, entry);
}

/** An approval moves no money when there is none, or when the same was paid just now. */
function codeOfApproval(world: MpesaWorld, push: Push): StkCode {
  const same = world.pushes.some(
    (other) =>
      other !== push &&
      other.result?.code === '0' &&
      other.msisdn === push.msisdn &&
      other.amount === push.amount &&
      other.shortcode === push.shortcode &&
      push.createdAt - other.createdAt < TWO_MINUTES_MS,
  );
  if (same) return '17';
  return subscriberOf(world, push.msisdn).balance < push.amount ? '1' : '0';
}

function take(world: MpesaWorld, push: Push): LedgerEntry {
  push.receipt = newReceipt(world);
  return recordPayment(world, {
    receipt: push.receipt,
    shortcode: push.shortcode,
    kind: 'payment',
    amount: push.amount,
    msisdn: push.msisdn,
    at: world.clock.now(),
    billReference: push.accountReference,
    reference: world.businessKey(push),
    reversed: false,
  });
}

/** Ten capitals and digits. */
export const newReceipt = (world: MpesaWorld) => `U${world.ids.text(9).toUpperCase()}`;

/** A customer's money in a business's account. */
export function recordPayment(world: MpesaWorld, entry: LedgerEntry): LedgerEntry {
  subscriberOf(world, entry.msisdn).balance -= entry.amount;
  const organisation = world.organisations.find(({ shortcode }) => shortcode === entry.shortcode);
  if (organisation) organisation.balance += entry.amount;
  world.truth.record({
    at: new Date(entry.at).toISOString(),
    kind: 'capture',
    reference: entry.reference,
    chargeId: entry.receipt,
    refundId: null,
    amount: BigInt(entry.amount),
    currency: 'KES',
    account: entry.shortcode,
  });
  world.ledger.push(entry);
  return entry;
}
