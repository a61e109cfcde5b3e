import { describe, expect, it } from 'vitest';

import { Decimal } from '../../../domain/money/decimal.js';
import { chargedFor, drawCredits, type FeeLine } from './fee-lines.js';

const period = { start: new Date('2027-04-01T00:00:00Z'), end: new Date('2027-05-01T00:00:00Z') };
const rest = { start: new Date('2027-04-16T00:00:00Z'), end: period.end };
const line = (invoiceLineId: string, over: Partial<FeeLine> = {}): FeeLine => ({
  invoiceId: 'inv_1',
  invoiceLineId,
  priceId: 'price_1',
  amount: 100n,
  credited: 0n,
  ahead: new Decimal(50),
  period,
  ...over,
});
const credit = (amount: bigint, priceId = 'price_1') => ({ priceId, amount, period: rest, explanation: {} });
const drawn = (lines: FeeLine[], ...credits: ReturnType<typeof credit>[]) =>
  drawCredits(lines, credits).map(({ invoiceId, lines: taken }) => [
    invoiceId,
    ...taken.map(({ invoiceLineId, amount }) => [invoiceLineId, amount]),
  ]);

describe('drawCredits', () => {
  it('takes from the first line first, and the rest from the next, a note for each invoice', () => {
    const lines = [line('change', { invoiceId: 'inv_2', amount: 30n }), line('month')];
    expect(drawn(lines, credit(50n))).toEqual([
      ['inv_2', ['change', 30n]],
      ['inv_1', ['month', 20n]],
    ]);
  });

  it('never takes more of a line than is left of it, nor from another price', () => {
    const lines = [line('used', { credited: 90n }), line('other', { priceId: 'price_2' })];
    expect(drawn(lines, credit(50n))).toEqual([['inv_1', ['used', 10n]]]);
    expect(drawn(lines, credit(50n, 'price_3'))).toEqual([]);
  });

  it('takes several credits from one pool', () => {
    const lines = [line('a'), line('b', { priceId: 'price_2' })];
    expect(drawn(lines, credit(50n), credit(70n, 'price_2'))).toEqual([['inv_1', ['a', 50n], ['b', 70n]]]);
  });

  it('gives back time that the line was for', () => {
    const late = { start: new Date('2027-04-20T00:00:00Z'), end: period.end };
    const [note] = drawCredits([line('late', { period: late })], [credit(5n)]);
    expect(note?.lines[0]?.period).toEqual(late);
  });
});

describe('chargedFor', () => {
  it('adds up what lines of a price have charged for time ahead', () => {
    const lines = [line('a'), line('b', { ahead: new Decimal('33.5') }), line('c', { priceId: 'price_2' })];
    expect(chargedFor(lines, 'price_1')).toEqual({ billed: 84n, credited: 0n });
  });

  it('is no more than what is left of the lines', () => {
    const lines = [line('a', { credited: 70n })];
    expect(chargedFor(lines, 'price_1')).toEqual({ billed: 30n, credited: 0n });
  });
});
