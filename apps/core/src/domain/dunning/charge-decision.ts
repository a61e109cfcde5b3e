/** What is known of an invoice when a step is to charge it. */
export interface ChargeSituation {
  /** How the invoice is collected. */
  readonly collection: 'charge_automatically' | 'send_invoice';
  /** An attempt that has not ended. One that `needs_customer` waits on a page that somebody has opened. */
  readonly inFlight: 'none' | 'unattended' | 'needs_customer';
  /** What the customer is charged by when nobody says otherwise. */
  readonly method: 'none' | 'usable' | 'refused_for_good';
  /** What the attempt came to that the step has waited for, if it has. */
  readonly awaited: 'none' | 'unattended' | 'needs_customer';
  /** Whether money that came for the invoice waits for a person to say what becomes of it. */
  readonly parked: 'none' | 'some';
}

type SkipReason = 'sent_invoice' | 'parked_money' | 'no_method' | 'refused_for_good';

/** `counted`: an attempt that came to its end just now was this step's. */
type ChargeDecision =
  { readonly kind: 'charge' | 'wait' | 'counted' } | { readonly kind: 'skip'; readonly reason: SkipReason };

/**
 * Whether a step charges. Nothing is charged beside an attempt whose outcome is not known, and not right after one that
 * has failed. A method that was refused for good (lost, stolen, expired, closed) is not asked again, which card networks
 * fine for; another method of the customer's is. The step's other actions stand in any case.
 */
export function decideCharge({
  collection,
  inFlight,
  method,
  awaited,
  parked,
}: ChargeSituation): ChargeDecision {
  if (collection === 'send_invoice') return { kind: 'skip', reason: 'sent_invoice' };
  if (parked === 'some') return { kind: 'skip', reason: 'parked_money' };
  if (inFlight !== 'none') return { kind: 'wait' };
  if (awaited === 'unattended') return { kind: 'counted' };
  if (method === 'none') return { kind: 'skip', reason: 'no_method' };
  if (method === 'refused_for_good') return { kind: 'skip', reason: 'refused_for_good' };
  return { kind: 'charge' };
}

/** Why a step did not charge, for those who read the timeline. */
export const SKIP_NOTES: Readonly<Record<SkipReason, string>> = {
  sent_invoice: 'The invoice is sent to be paid, and is not charged.',
  parked_money: 'Money that came for the invoice waits to be cleared: the customer may have paid.',
  no_method: 'The customer has no payment method to charge.',
  refused_for_good: 'The payment method was refused for good: it is not charged again.',
};
