import { describe, expect, it } from 'vitest';

import { subscriptionStates, type SubscriptionStatus, type SubscriptionVerb } from './subscription-state.js';

/** Every verb in every status: where it leads, or that it is not possible. */
const MOVES: Record<SubscriptionVerb, Record<SubscriptionStatus, SubscriptionStatus | '✗'>> = {
  start: { scheduled: 'active', trialing: '✗', active: '✗', paused: '✗', canceled: '✗' },
  start_trial: { scheduled: 'trialing', trialing: '✗', active: '✗', paused: '✗', canceled: '✗' },
  end_trial: { scheduled: '✗', trialing: 'active', active: '✗', paused: '✗', canceled: '✗' },
  renew: { scheduled: '✗', trialing: 'trialing', active: 'active', paused: 'paused', canceled: '✗' },
  edit: { scheduled: 'scheduled', trialing: 'trialing', active: 'active', paused: 'paused', canceled: '✗' },
  change: { scheduled: 'scheduled', trialing: 'trialing', active: 'active', paused: '✗', canceled: '✗' },
  pause: { scheduled: '✗', trialing: '✗', active: 'paused', paused: '✗', canceled: '✗' },
  resume: { scheduled: '✗', trialing: '✗', active: '✗', paused: 'active', canceled: '✗' },
  schedule_cancel: {
    scheduled: '✗',
    trialing: 'trialing',
    active: 'active',
    paused: 'paused',
    canceled: '✗',
  },
  keep: { scheduled: '✗', trialing: 'trialing', active: 'active', paused: 'paused', canceled: '✗' },
  cancel: {
    scheduled: 'canceled',
    trialing: 'canceled',
    active: 'canceled',
    paused: 'canceled',
    canceled: '✗',
  },
  reactivate: { scheduled: '✗', trialing: '✗', active: '✗', paused: '✗', canceled: 'active' },
};

const cells = Object.entries(MOVES).flatMap(([verb, row]) =>
  Object.entries(row).map(([from, to]) => [from, verb as SubscriptionVerb, to] as const),
);

describe('subscriptionStates', () => {
  it.each(cells)('%s: %s → %s', (from, verb, to) => {
    const possible = to !== '✗';
    expect(subscriptionStates.canMove(from, verb)).toBe(possible);
    expect(subscriptionStates.sources(verb).includes(from as SubscriptionStatus)).toBe(possible);
    if (possible) expect(subscriptionStates.next(from, verb)).toBe(to);
    else expect(() => subscriptionStates.next(from, verb)).toThrow(RangeError);
  });

  it('has no other status and no other verb', () => {
    const { table } = subscriptionStates;
    expect(Object.keys(table).sort()).toEqual(Object.keys(MOVES.start).sort());
    const verbs = new Set(Object.values(table).flatMap((row) => Object.keys(row)));
    expect([...verbs].sort()).toEqual(Object.keys(MOVES).sort());
  });
});
