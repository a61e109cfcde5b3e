import { addDays, addLocalDays, localDate, startOfLocalDate } from '../calendar/periods.js';

const HOUR_MS = 3_600_000;

/** How long an invoice with usage waits for late events unless something else was agreed. */
export const DEFAULT_GRACE_HOURS = 1;

/**
 * When a draft is finalised by itself: after the hours of grace where usage may still come late, at once where nothing
 * can change any more.
 *
 * @param graceHours null for the platform's hour
 */
export function finalizesAt({
  billedAt,
  contents,
  graceHours,
}: {
  billedAt: Date;
  contents: 'usage' | 'fixed';
  graceHours: number | null;
}): Date {
  if (contents === 'fixed') return new Date(billedAt);
  return new Date(billedAt.getTime() + (graceHours ?? DEFAULT_GRACE_HOURS) * HOUR_MS);
}

/**
 * Which day an invoice says it is of: that of its finalisation, the first of the period that follows what it bills, or
 * the last of the period that it bills.
 */
export type IssueDateRule = 'finalization' | 'next_period_start' | 'period_end';

/**
 * The date of issue, a local date. An invoice for no period is of the day on which it was finalised.
 * @param periodEnd exclusive: the first moment that is no longer billed
 */
export function issueDateOf({
  rule,
  finalizedAt,
  periodEnd,
  timeZone,
}: {
  rule: IssueDateRule;
  finalizedAt: Date;
  periodEnd: Date | null;
  timeZone: string;
}): string {
  if (rule === 'finalization' || periodEnd === null) return localDate(finalizedAt, timeZone);
  const billingDay = localDate(periodEnd, timeZone);
  return rule === 'next_period_start' ? billingDay : addDays(billingDay, -1);
}

/** Due some calendar days after issue, at the same local time of day. */
export function dueAtOf({
  issuedAt,
  netTermsDays,
  timeZone,
}: {
  issuedAt: Date;
  netTermsDays: number;
  timeZone: string;
}): Date {
  return addLocalDays(issuedAt, netTermsDays, timeZone);
}

/** From when on an unpaid invoice is overdue: the start of the day after it was due, for its customer. */
export function overdueFromOf({ dueAt, timeZone }: { dueAt: Date; timeZone: string }): Date {
  return startOfLocalDate(addDays(localDate(dueAt, timeZone), 1), timeZone);
}
