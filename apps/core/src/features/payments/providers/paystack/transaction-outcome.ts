import { fromProviderAmount } from '../../../../domain/payments/provider-amounts.js';
import type { Mode } from '../../../../tenancy/tenant-context.js';
import { declinedInWords } from '../declines.js';
import { textAt, valueAt } from '../json-fields.js';
import { type ChargeOutcome, type SavedMethod, unknown } from '../outcomes.js';

/** Still to be paid, or on its way: `abandoned` too may succeed yet. */
const UNDER_WAY: ReadonlySet<string> = new Set(['abandoned', 'ongoing', 'pending', 'processing', 'queued']);

/**
 * What a transaction of Paystack's says of the charge with our reference. Calls answer 200 for charges that failed, so
 * that `data.status` alone counts.
 */
export function transactionOutcome(
  data: unknown,
  { reference, mode }: { reference: string; mode: Mode },
): ChargeOutcome {
  if (textAt(data, 'reference') !== reference) return unknown('Paystack answered about another reference.');
  const domain = textAt(data, 'domain');
  if (domain !== null && domain !== mode) return unknown(`Paystack answered about a ${domain} transaction.`);
  const url = textAt(data, 'authorization_url');
  if (valueAt(data, 'paused') === true && url !== null) {
    return { kind: 'requires_action', url, providerPaymentId: textAt(data, 'id') };
  }
  const status = textAt(data, 'status') ?? '';
  if (status === 'success') return success(data);
  if (status === 'failed')
    return declinedInWords(textAt(data, 'gateway_response') ?? textAt(data, 'message'));
  if (status === 'reversed') {
    return {
      kind: 'declined',
      code: 'reversed',
      message: 'The money went back to the payer.',
      retryable: false,
    };
  }
  if (UNDER_WAY.has(status)) return { kind: 'pending', providerPaymentId: textAt(data, 'id') };
  return unknown(`Paystack answered with the status "${status}".`);
}

/** Where the customer bears the fee, `amount` has it in it: what was asked for is `requested_amount`. */
function success(data: unknown): ChargeOutcome {
  const id = textAt(data, 'id');
  const currency = textAt(data, 'currency');
  const text = textAt(data, 'requested_amount') ?? textAt(data, 'amount');
  if (id === null || currency === null || text === null)
    return unknown('Paystack told of a success without its sum.');
  const amount = fromProviderAmount('paystack', { text, currency });
  if (amount === null) return unknown(`Paystack told of ${text} ${currency}, which is no amount of it.`);
  const saved = savedMethod(data);
  return { kind: 'succeeded', providerPaymentId: id, amount, currency, ...(saved ? { saved } : {}) };
}

/** Only a reusable authorization can be charged again, and only with the address that made it. */
function savedMethod(data: unknown): SavedMethod | null {
  const authorization = valueAt(data, 'authorization');
  const token = textAt(authorization, 'authorization_code');
  const email = textAt(data, 'customer', 'email');
  if (token === null || email === null || valueAt(authorization, 'reusable') !== true) return null;
  const brand = (textAt(authorization, 'brand') ?? textAt(authorization, 'channel') ?? 'card').trim();
  const last4 = textAt(authorization, 'last4');
  return {
    token,
    kind: (textAt(authorization, 'channel') ?? 'card').trim(),
    label: last4 === null ? brand : `${brand} ending in ${last4}`,
    fingerprint: textAt(authorization, 'signature'),
    email,
    providerCustomerId: textAt(data, 'customer', 'customer_code'),
  };
}
