import type { Period } from '../../domain/calendar/periods.js';
import type { Metadata } from '../../platform/wire/metadata.js';
import type { LineExplanation } from '../billing/charge.js';

/** Why a credit note is issued, as its document says. */
export const CREDIT_NOTE_REASONS = ['duplicate', 'order_change', 'unused_time', 'goodwill', 'other'] as const;
export type CreditNoteReason = (typeof CREDIT_NOTE_REASONS)[number];

/**
 * Where a note's total goes. What is due on its invoice is always reduced first; the rest was settled, and goes
 * - `auto`, `balance`: to the customer's balance,
 * - `refund`: back the way it came, as far as money came and was not given back yet; what is left to the balance,
 * - `invoice`: nowhere: a note of more than what is due is refused.
 */
export const CREDIT_DESTINATIONS = ['auto', 'balance', 'refund', 'invoice'] as const;
export type CreditDestination = (typeof CREDIT_DESTINATIONS)[number];

/** What is credited of one line of the invoice. */
export interface CreditedInvoiceLine {
  readonly invoiceLineId: string;
  /** Before the discount, in the line's own terms (with tax where its price includes tax). Has the line's sign. */
  readonly amount: bigint;
  /** The line's own unless given. */
  readonly description?: string;
  /** The time that is given back; the line's own unless given. */
  readonly period?: Period | null;
  readonly explanation?: Partial<LineExplanation>;
}

/** Parts of lines, all that is left of the invoice, or a sum with tax that is spread over its lines. */
export type CreditedParts = readonly CreditedInvoiceLine[] | 'all' | { readonly total: bigint };

/** A credit note that is to be. */
export interface CreditNoteRequest {
  readonly invoiceId: string;
  readonly lines: CreditedParts;
  readonly to: CreditDestination;
  readonly reason: CreditNoteReason;
  /** What makes it: asked again with the same source, the first note is the answer. */
  readonly source: string;
  readonly memo?: string | null;
  readonly externalId?: string | null;
  readonly metadata?: Metadata;
  /** The part to refund where not as much as possible: only with `refund`. */
  readonly refundAmount?: bigint;
  /** What happens to an amount beyond what is left of its line: it is cut, unless it is to be refused. */
  readonly beyond?: 'cut' | 'refuse';
}

/** How sources of notes begin that somebody asks for. */
export const ASKED_FOR = 'request:';

/** The source of a note that somebody asks for; `id` is of no other. */
export function sourceOfRequest(id: string): string {
  return `${ASKED_FOR}${id}`;
}

/**
 * Whether somebody asked for a note of this source, out of goodwill or for a reason of their own: it makes something
 * cheaper. The others correct what was billed.
 */
export function isAskedFor(source: string | null): boolean {
  return source !== null && source.startsWith(ASKED_FOR);
}
