import { describe, expect, it } from 'vitest';

import { addDays, localDate } from '../calendar/periods.js';
import { ISSUE_DATE_CASES, NUMBERING_CASE, OVERDUE_CASES } from './invoice-dates.cases.js';
import { dueAtOf, finalizesAt, issueDateOf, overdueFromOf } from './invoice-dates.js';
import { formatInvoiceNumber } from './invoice-number.js';

const DAY_MS = 86_400_000;

describe('cases of open billing engines', () => {
  it.each(ISSUE_DATE_CASES)('$id', ({ rule, graceDays, daysFromBillingDay }) => {
    const periodEnd = new Date('2026-03-01T00:00:00Z');
    const finalizedAt = new Date(periodEnd.getTime() + graceDays * DAY_MS);
    const date = issueDateOf({ rule, finalizedAt, periodEnd, timeZone: 'UTC' });
    expect(date).toBe(addDays('2026-03-01', daysFromBillingDay));
  });

  it('lago-number-customer', () => {
    const next = new Map<string, number>();
    const numbers = Array.from({ length: NUMBERING_CASE.rounds }).flatMap(() =>
      NUMBERING_CASE.prefixes.map((prefix) => {
        const sequence = (next.get(prefix) ?? 0) + 1;
        next.set(prefix, sequence);
        return formatInvoiceNumber({ prefix, sequence });
      }),
    );
    expect(numbers).toEqual(NUMBERING_CASE.numbers);
  });

  it.each(OVERDUE_CASES)('lago-dunning-flow: issued on $issued', ({ issued, due, overdueFrom }) => {
    const dueAt = dueAtOf({ issuedAt: new Date(`${issued}T10:00:00Z`), netTermsDays: 2, timeZone: 'UTC' });
    expect(localDate(dueAt, 'UTC')).toBe(due);
    expect(overdueFromOf({ dueAt, timeZone: 'UTC' })).toEqual(new Date(`${overdueFrom}T00:00:00Z`));
  });

  it('are all of invoice_issuing_date and invoice_numbering', () => {
    const ids = [...ISSUE_DATE_CASES, NUMBERING_CASE].map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
  });
});

describe('finalizesAt', () => {
  const billedAt = new Date('2026-03-01T00:00:00Z');

  it.each([
    ['fixed', null, '2026-03-01T00:00:00Z'],
    ['fixed', 72, '2026-03-01T00:00:00Z'],
    ['usage', null, '2026-03-01T01:00:00Z'],
    ['usage', 0, '2026-03-01T00:00:00Z'],
    ['usage', 72, '2026-03-04T00:00:00Z'],
  ] as const)('%s with a grace of %s hours: %s', (contents, graceHours, at) => {
    expect(finalizesAt({ billedAt, contents, graceHours })).toEqual(new Date(at));
  });
});

describe('issueDateOf', () => {
  const common = { finalizedAt: new Date('2026-03-01T01:00:00Z'), timeZone: 'Africa/Lagos' };
  const periodEnd = new Date('2026-02-28T23:00:00Z');

  it.each([
    ['finalization', '2026-03-01'],
    ['next_period_start', '2026-03-01'],
    ['period_end', '2026-02-28'],
  ] as const)('%s is %s in Lagos', (rule, date) => {
    expect(issueDateOf({ rule, periodEnd, ...common })).toBe(date);
  });

  it('is that of finalisation where no period is billed', () => {
    expect(issueDateOf({ rule: 'period_end', periodEnd: null, ...common })).toBe('2026-03-01');
  });
});

describe('overdueFromOf', () => {
  it('starts with the day after the due one, where the customer is', () => {
    const dueAt = new Date('2026-03-01T22:30:00Z');
    expect(overdueFromOf({ dueAt, timeZone: 'UTC' })).toEqual(new Date('2026-03-02T00:00:00Z'));
    expect(overdueFromOf({ dueAt, timeZone: 'Africa/Nairobi' })).toEqual(new Date('2026-03-02T21:00:00Z'));
  });
});
