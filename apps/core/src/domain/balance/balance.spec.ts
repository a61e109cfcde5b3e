import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { applyFunds, type FundedWallet, type Grant, isUsable } from './apply-funds.js';
import { payableAmount } from './payable-amount.js';
import { topUpNeeded } from './top-up.js';

const AT = new Date('2026-06-01T00:00:00Z');

function grant(id: string, remaining: bigint, expires: string | null = null, created = '2026-01-01'): Grant {
  return {
    id,
    remaining,
    expiresAt: expires === null ? null : new Date(expires),
    createdAt: new Date(created),
  };
}

function wallet(id: string, priority: number, ...grants: Grant[]): FundedWallet {
  return { id, priority, grants };
}

describe('applyFunds', () => {
  const promotion = wallet(
    'promotion',
    10,
    grant('forever', 100n, null, '2025-01-01'),
    grant('younger', 100n, '2026-08-01', '2026-02-01'),
    grant('soon', 100n, '2026-07-01', '2026-03-01'),
    grant('older', 100n, '2026-08-01', '2026-01-01'),
  );
  const reversed = { ...promotion, grants: promotion.grants.toReversed() };
  const cash = wallet('cash', 50, grant('late', 100n));

  it.each([
    ['as they were made', [cash, promotion]],
    ['the other way round', [reversed, cash]],
  ])('draws wallets by priority, grants by expiry and age, then the balance: %s', (_, wallets) => {
    const applied = applyFunds({ total: 650n, balance: 100n, wallets, at: AT });
    expect(applied.draws.map(({ walletId, grantId, amount }) => [walletId, grantId, amount])).toEqual([
      ['promotion', 'soon', 100n],
      ['promotion', 'older', 100n],
      ['promotion', 'younger', 100n],
      ['promotion', 'forever', 100n],
      ['cash', 'late', 100n],
    ]);
    expect(applied).toMatchObject({ walletApplied: 500n, balanceApplied: 100n, due: 50n, toBalance: 0n });
  });

  it('draws no more than is due, and leaves what is expired or empty', () => {
    const wallets = [
      wallet('w', 1, grant('gone', 500n, AT.toISOString()), grant('empty', 0n), grant('good', 500n)),
    ];
    const applied = applyFunds({ total: 300n, balance: 900n, wallets, at: AT });
    expect(applied).toEqual({
      draws: [{ walletId: 'w', grantId: 'good', amount: 300n }],
      walletApplied: 300n,
      balanceApplied: 0n,
      toBalance: 0n,
      due: 0n,
    });
  });

  it('breaks ties by the ids, whatever order they come in', () => {
    const wallets = [wallet('b', 1, grant('z', 10n), grant('y', 10n)), wallet('a', 1, grant('x', 10n))];
    for (const given of [wallets, [...wallets].reverse()]) {
      const { draws } = applyFunds({ total: 25n, balance: 0n, wallets: given, at: AT });
      expect(draws.map(({ grantId, amount }) => [grantId, amount])).toEqual([
        ['x', 10n],
        ['y', 10n],
        ['z', 5n],
      ]);
    }
  });

  it('gives an invoice below zero to the balance', () => {
    const wallets = [wallet('w', 1, grant('g', 10n))];
    const applied = applyFunds({ total: -700n, balance: 50n, wallets, at: AT });
    expect(applied).toEqual({ draws: [], walletApplied: 0n, balanceApplied: 0n, toBalance: 700n, due: 0n });
    expect(applyFunds({ total: 0n, balance: 50n, wallets, at: AT })).toMatchObject({
      draws: [],
      due: 0n,
      toBalance: 0n,
    });
  });

  it('takes nothing from a balance below zero', () => {
    expect(applyFunds({ total: 100n, balance: -50n, wallets: [], at: AT })).toMatchObject({
      balanceApplied: 0n,
      due: 100n,
    });
  });

  it('accounts for every unit', () => {
    const amount = fc.bigInt({ min: 0n, max: 1000n });
    const grants = fc.array(amount, { maxLength: 4 });
    fc.assert(
      fc.property(amount, amount, fc.array(grants, { maxLength: 3 }), (total, balance, given) => {
        const wallets = given.map((rests, w) =>
          wallet(`w${w}`, w, ...rests.map((rest, g) => grant(`g${g}`, rest))),
        );
        const applied = applyFunds({ total, balance, wallets, at: AT });
        expect(applied.draws.reduce((sum, draw) => sum + draw.amount, 0n)).toBe(applied.walletApplied);
        expect(applied.walletApplied + applied.balanceApplied + applied.due).toBe(total);
        expect(applied.balanceApplied <= balance && applied.due >= 0n).toBe(true);
        expect(applied.draws.every((draw) => draw.amount > 0n)).toBe(true);
        const funds = given.flat().reduce((sum, rest) => sum + rest, 0n) + balance;
        expect(applied.due).toBe(funds >= total ? 0n : total - funds);
      }),
    );
  });
});

describe('isUsable', () => {
  it('ends at the moment of expiry', () => {
    expect(isUsable(grant('g', 1n, '2026-06-01T00:00:00.001Z'), AT)).toBe(true);
    expect(isUsable(grant('g', 1n, '2026-06-01T00:00:00Z'), AT)).toBe(false);
    expect(isUsable(grant('g', 0n), AT)).toBe(false);
  });
});

describe('topUpNeeded', () => {
  const rule = { threshold: 1000n, amount: 500n };

  it.each([
    [5000n, 0n, 0n],
    [1000n, 0n, 0n],
    [999n, 0n, 500n],
    [500n, 0n, 500n],
    [499n, 0n, 1000n],
    [0n, 0n, 1000n],
    [0n, 500n, 500n],
    [999n, 500n, 0n],
    [-1n, 0n, 1500n],
  ])('a balance of %s with %s on the way needs %s', (balance, pending, needed) => {
    expect(topUpNeeded(rule, { balance, pending })).toBe(needed);
  });

  it.each([0n, -500n])('refuses a rule that tops up by %s', (amount) => {
    expect(() => topUpNeeded({ threshold: 1n, amount }, { balance: 0n, pending: 0n })).toThrow(
      'A top-up must be above zero.',
    );
  });
});

describe('payableAmount', () => {
  it.each([
    [9950n, 100n, 10_000n, 50n],
    [10_000n, 100n, 10_000n, 0n],
    [1n, 100n, 100n, 99n],
    [9950n, 1n, 9950n, 0n],
    [0n, 100n, 0n, 0n],
    [-5n, 100n, 0n, 0n],
  ])('%s in steps of %s is %s, %s too much', (due, step, charge, overpaid) => {
    expect(payableAmount(due, step)).toEqual({ charge, overpaid });
  });

  it.each([0n, -100n])('refuses a step of %s', (step) => {
    expect(() => payableAmount(1n, step)).toThrow('The step of a payment method must be above zero.');
  });
});
