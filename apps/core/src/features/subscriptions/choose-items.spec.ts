import type { Plan, Price } from '@nova/prisma-tenant';
import { describe, expect, it } from 'vitest';

import { ProblemError } from '../../platform/errors/define-error.js';
import type { Offer } from '../plans/load-offer.js';
import { chooseItems, type Choice } from './choose-items.js';

const price = (id: string, over: Partial<Price> = {}): Price =>
  ({
    id,
    externalId: null,
    currency: 'KES',
    type: 'recurring',
    interval: 'month',
    intervalCount: 1,
    planVersion: 1,
    optional: false,
    active: true,
    ...over,
  }) as Price;

const plan = { id: 'plan_1', active: true, kind: 'base', currentVersion: 1 } as Plan;
const offer = (prices: Price[], over: Partial<Offer> = {}): Offer => ({
  plan,
  planVersion: 1,
  prices,
  addOns: [],
  ...over,
});

const choice = (prices: Price[], over: Partial<Choice> = {}): Choice => ({
  offer: offer(prices),
  items: undefined,
  currency: null,
  customerCurrency: null,
  ...over,
});

const items = (...ids: string[]): NonNullable<Choice['items']> =>
  ids.map((priceId) => ({ priceId, quantity: '2' }));
const oneOf = (priceId: string) => ({ priceId, quantity: '1' });

function problemOf(work: () => unknown): { code: string; pointer: string | undefined } {
  try {
    work();
  } catch (error) {
    if (error instanceof ProblemError)
      return { code: error.definition.code, pointer: error.errors[0]?.pointer };
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('chooseItems', () => {
  it('takes all recurring and usage prices on offer, once each, when none is named', () => {
    const prices = [
      price('a'),
      price('b'),
      price('gone', { active: false }),
      price('setup', { type: 'one_time' }),
      price('training', { type: 'one_time', optional: true }),
      price('extra', { optional: true }),
      price('calls', { type: 'usage' }),
    ];
    const chosen = chooseItems(choice(prices));
    expect(chosen.items.map((item) => [item.price.id, item.quantity.toFixed()])).toEqual([
      ['a', '1'],
      ['b', '1'],
      ['setup', '1'],
      ['calls', '1'],
    ]);
    expect(chosen).toMatchObject({ currency: 'KES', interval: 'month', intervalCount: 1 });
  });

  it('takes what is billed once in the currency of what recurs, whatever the customer’s is', () => {
    const once = (id: string, currency: string) => price(id, { type: 'one_time', currency });
    const prices = [price('kes'), once('setup_kes', 'KES'), once('setup_ngn', 'NGN')];
    const chosen = chooseItems(choice(prices, { customerCurrency: 'NGN' }));
    expect(chosen.items.map((item) => item.price.id)).toEqual(['kes', 'setup_kes']);
    const alone = choice([once('setup_ngn', 'NGN')], { customerCurrency: 'NGN' });
    expect(problemOf(() => chooseItems(alone))).toEqual({ code: 'items_do_not_fit', pointer: '/items' });
  });

  it('chooses among currencies by what was asked for, and else by the customer', () => {
    const prices = [price('kes'), price('ngn', { currency: 'NGN' })];
    expect(chooseItems(choice(prices, { currency: 'NGN', customerCurrency: 'KES' })).currency).toBe('NGN');
    expect(chooseItems(choice(prices, { customerCurrency: 'NGN' })).currency).toBe('NGN');
    expect(problemOf(() => chooseItems(choice(prices)))).toEqual({
      code: 'items_do_not_fit',
      pointer: '/items',
    });
  });

  it('takes named prices by id or external id, one-time ones too', () => {
    const prices = [price('a'), price('b', { externalId: 'setup-fee', type: 'one_time', interval: null })];
    const chosen = chooseItems(choice(prices, { items: items('a', 'setup-fee') }));
    expect(chosen.items.map((item) => item.price.id)).toEqual(['a', 'b']);
    expect(chosen.items[0]?.quantity.toFixed()).toBe('2');
  });

  it.each([
    ['a price of another plan', [price('a')], ['a', 'x'], 'not_found', '/items/1/priceId'],
    ['an archived price', [price('a', { active: false })], ['a'], 'not_offered', '/items/0/priceId'],
    ['a price named twice', [price('a')], ['a', 'a'], 'items_do_not_fit', '/items/1/priceId'],
    [
      'two currencies',
      [price('a'), price('b', { currency: 'NGN' })],
      ['a', 'b'],
      'items_do_not_fit',
      '/items/1/priceId',
    ],
    [
      'two intervals',
      [price('a'), price('b', { interval: 'year' })],
      ['a', 'b'],
      'items_do_not_fit',
      '/items/1/priceId',
    ],
    [
      'two counts',
      [price('a'), price('b', { intervalCount: 2 })],
      ['a', 'b'],
      'items_do_not_fit',
      '/items/1/priceId',
    ],
    ['nothing recurring', [price('a', { type: 'one_time' })], ['a'], 'items_do_not_fit', '/items'],
  ])('refuses %s', (_, prices, named, code, pointer) => {
    expect(problemOf(() => chooseItems(choice(prices, { items: items(...named) })))).toEqual({
      code,
      pointer,
    });
  });

  it('refuses a currency that the named prices do not have, and an archived plan', () => {
    const wrong = choice([price('a')], { items: items('a'), currency: 'NGN' });
    expect(problemOf(() => chooseItems(wrong))).toEqual({ code: 'items_do_not_fit', pointer: '/currency' });
    const archived = offer([price('a')], { plan: { ...plan, active: false } });
    expect(problemOf(() => chooseItems(choice([], { offer: archived }))).code).toBe('not_offered');
  });

  it('takes optional prices and those of add-ons when they are named', () => {
    const own = [price('a'), price('extra', { optional: true })];
    const addOns = [price('support', { planId: 'plan_2' })];
    const named = choice([], { offer: offer(own, { addOns }), items: items('a', 'extra', 'support') });
    expect(chooseItems(named).items.map((item) => item.price.id)).toEqual(['a', 'extra', 'support']);
    const alone = choice([], { offer: offer(own, { addOns }), items: items('support') });
    expect(problemOf(() => chooseItems(alone))).toEqual({ code: 'items_do_not_fit', pointer: '/items' });
  });

  it('needs nothing recurring beside usage, whose quantity is counted', () => {
    const usage = [price('calls', { type: 'usage' })];
    expect(chooseItems(choice(usage, { items: [oneOf('calls')] })).interval).toBe('month');
    expect(problemOf(() => chooseItems(choice(usage, { items: items('calls') })))).toEqual({
      code: 'items_do_not_fit',
      pointer: '/items/0/quantity',
    });
  });

  it('refuses an add-on as the plan', () => {
    const addOn = offer([price('a')], { plan: { ...plan, kind: 'add_on' } });
    expect(problemOf(() => chooseItems(choice([], { offer: addOn })))).toEqual({
      code: 'items_do_not_fit',
      pointer: '/planId',
    });
  });
});
