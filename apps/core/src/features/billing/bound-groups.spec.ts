import { describe, expect, it } from 'vitest';

import { Decimal } from '../../domain/money/decimal.js';
import { boundGroups, GROUP_LINES_MAX, type GroupCharge } from './bound-groups.js';
import { PLAIN_CHARGE } from './charge.js';

function groups(amounts: readonly number[]): GroupCharge[] {
  return amounts.map((amount, index) => ({
    charge: {
      ...PLAIN_CHARGE,
      kind: 'usage',
      description: `Calls (region ${index})`,
      groupValues: { region: String(index) },
      quantity: new Decimal(2),
      unitAmount: new Decimal(amount).dividedBy(2),
      amount: BigInt(amount),
      eventCount: 3n,
      explanation: {
        model: 'per_unit',
        unrounded: String(amount),
        rounding: 'half_away_from_zero',
        steps: [],
      },
    },
    plainDescription: 'Calls',
  }));
}

const sum = (charges: readonly { amount: bigint }[]) =>
  charges.reduce((total, { amount }) => total + amount, 0n);

describe('the lines of groups', () => {
  it('stay as they are while they are not too many', () => {
    const few = groups(Array.from({ length: GROUP_LINES_MAX }, (_, index) => index));
    expect(boundGroups(few)).toEqual(few.map(({ charge }) => charge));
    expect(boundGroups([])).toEqual([]);
  });

  it('are those of the largest amounts in their order, and one for all others to the last unit', () => {
    const many = groups(Array.from({ length: 3_000 }, (_, index) => (index * 7_919) % 3_001));
    const lines = boundGroups(many);
    expect(lines).toHaveLength(GROUP_LINES_MAX);
    expect(sum(lines)).toBe(sum(many.map(({ charge }) => charge)));
    const own = lines.slice(0, -1);
    const rest = lines.at(-1);
    expect(own.map(({ groupValues }) => Number(groupValues?.['region']))).toEqual(
      own.map(({ groupValues }) => Number(groupValues?.['region'])).toSorted((a, b) => a - b),
    );
    const least = own.reduce(
      (lowest, { amount }) => (amount < lowest ? amount : lowest),
      own[0]?.amount ?? 0n,
    );
    expect(many.filter(({ charge }) => charge.amount > least)).toHaveLength(own.length - 1);
    expect(rest).toMatchObject({
      description: `Calls (${3_000 - own.length} other groups)`,
      groupValues: null,
      eventCount: BigInt(3 * (3_000 - own.length)),
      quantity: new Decimal(2 * (3_000 - own.length)),
    });
  });
});
