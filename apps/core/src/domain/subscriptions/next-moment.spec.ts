import { describe, expect, it } from 'vitest';

import { nextMoment, type SubscriptionMoments } from './next-moment.js';

const on = (day: number): Date => new Date(Date.UTC(2026, 2, day));

const QUIET: SubscriptionMoments = {
  status: 'active',
  startsAt: on(1),
  currentPeriodEnd: on(31),
  trialEnd: null,
  cancelAt: null,
  resumesAt: null,
  changeAt: null,
  pauseMode: null,
};

describe('nextMoment', () => {
  it.each<[string, Partial<SubscriptionMoments>, [string, number] | null]>([
    ['the start of one that is scheduled', { status: 'scheduled', startsAt: on(9) }, ['start', 9]],
    ['its end before it starts', { status: 'scheduled', startsAt: on(9), cancelAt: on(5) }, ['cancel', 5]],
    ['its change before it starts', { status: 'scheduled', startsAt: on(9), changeAt: on(9) }, ['change', 9]],
    ['nothing by itself for one that waits to be paid', { status: 'scheduled', startsAt: null }, null],
    ['the end of a trial', { status: 'trialing', trialEnd: on(9) }, ['trial_end', 9]],
    ['a period that ends in a trial', { status: 'trialing', trialEnd: on(50) }, ['period_end', 31]],
    ['a trial that ends with its period', { status: 'trialing', trialEnd: on(31) }, ['trial_end', 31]],
    ['an end in a trial', { status: 'trialing', trialEnd: on(9), cancelAt: on(9) }, ['cancel', 9]],
    ['a change in a trial', { status: 'trialing', trialEnd: on(9), changeAt: on(9) }, ['change', 9]],
    ['the end of a period', {}, ['period_end', 31]],
    ['an end before it', { cancelAt: on(12) }, ['cancel', 12]],
    ['an end with it', { cancelAt: on(31) }, ['cancel', 31]],
    ['an end after it', { cancelAt: on(40) }, ['period_end', 31]],
    ['a change before it', { changeAt: on(12), cancelAt: on(20) }, ['change', 12]],
    ['a change with it', { changeAt: on(31) }, ['change', 31]],
    ['no trial that is over', { trialEnd: on(9) }, ['period_end', 31]],
    ['no resumption of what is not paused', { resumesAt: on(9) }, ['period_end', 31]],
    ['nothing in a pause without end', { status: 'paused', pauseMode: 'credit' }, null],
    ['nothing in an extension without end', { status: 'paused', pauseMode: 'extend' }, null],
    ['nothing in a pause of no mode', { status: 'paused' }, null],
    ['the resumption', { status: 'paused', pauseMode: 'credit', resumesAt: on(40) }, ['resume', 40]],
    [
      'the end of a pause that is an end',
      { status: 'paused', cancelAt: on(40), resumesAt: on(40) },
      ['cancel', 40],
    ],
    [
      'a period of a pause that is invoiced',
      { status: 'paused', pauseMode: 'keep_invoices' },
      ['period_end', 31],
    ],
    [
      'a resumption before it',
      { status: 'paused', pauseMode: 'void_invoices', resumesAt: on(31) },
      ['resume', 31],
    ],
    ['nothing after the end', { status: 'canceled', cancelAt: on(12), changeAt: on(40) }, null],
  ])('is %s', (_, change, expected) => {
    const next = nextMoment({ ...QUIET, ...change });
    expect(next).toEqual(expected && { kind: expected[0], at: on(expected[1]) });
  });
});
