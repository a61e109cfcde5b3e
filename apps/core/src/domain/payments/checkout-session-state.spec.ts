import { describe, expect, it } from 'vitest';

import { afterMoney, type SessionMoney } from './checkout-session-state.js';

describe('a checkout session, after money or without any', () => {
  it.each<[SessionMoney, ReturnType<typeof afterMoney>]>([
    [{ amount: null, paid: 100n, invoice: 'payable' }, null],
    [{ amount: null, paid: 0n, invoice: 'paid' }, 'complete'],
    [{ amount: 100n, paid: 99n, invoice: 'payable' }, null],
    [{ amount: 100n, paid: 100n, invoice: 'payable' }, 'complete'],
    // Others had paid so much that less than its sum was left.
    [{ amount: 100n, paid: 40n, invoice: 'paid' }, 'complete'],
    [{ amount: 100n, paid: 0n, invoice: 'paid' }, 'expire'],
    [{ amount: null, paid: 0n, invoice: 'over' }, 'expire'],
    [{ amount: 100n, paid: 100n, invoice: 'over' }, 'complete'],
  ])('is, with %o, %s', (money, verb) => {
    expect(afterMoney(money)).toBe(verb);
  });
});
