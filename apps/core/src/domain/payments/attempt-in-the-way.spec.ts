import { describe, expect, it } from 'vitest';

import { type OpenAttempt, wayPast, type WayPast } from './attempt-in-the-way.js';

const NOW = new Date('2026-11-21T12:00:00Z');
const wanted = { provider: 'paystack', amount: 250_000n, savesMethod: false, checkoutSessionId: null };
const page: OpenAttempt = {
  ...wanted,
  status: 'pending',
  isAutomatic: false,
  isPushed: false,
  actionUrl: 'https://checkout.example/1',
  createdAt: NOW,
};
const old = new Date(NOW.getTime() - 120_000);

describe('an attempt in the way of a customer who wants to pay', () => {
  it.each<[string, Partial<OpenAttempt>, WayPast]>([
    ['the same page', {}, 'give_back'],
    ['a page over another sum', { amount: 100_000n }, 'supersede'],
    ['a page of another provider', { provider: 'stripe' }, 'supersede'],
    ['a page that keeps the card', { savesMethod: true }, 'supersede'],
    ['a page of a session', { checkoutSessionId: 'cks_1' }, 'supersede'],
    [
      'a page where the bank asks after a saved card',
      { isAutomatic: true, checkoutSessionId: 'cks_1' },
      'give_back',
    ],
    ['a page whose address never came', { actionUrl: null }, 'supersede'],
    ['a phone that is being asked', { actionUrl: null, isPushed: true }, 'ask'],
    ['a charge of a saved card that is under way', { actionUrl: null, isAutomatic: true }, 'ask'],
    ['one that is just being made', { actionUrl: null, status: 'created' }, 'wait'],
    [
      'one whose call was cut off long ago',
      { actionUrl: null, status: 'created', createdAt: old },
      'supersede',
    ],
    [
      'a charge of a saved card that was cut off',
      { actionUrl: null, status: 'created', isAutomatic: true, createdAt: old },
      'wait',
    ],
  ])('is, for %s, dealt with', (_, changes, way) => {
    expect(wayPast({ ...page, ...changes }, wanted, NOW)).toBe(way);
  });
});
