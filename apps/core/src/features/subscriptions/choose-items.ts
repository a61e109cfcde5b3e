import type { Price } from '@nova/prisma-tenant';

import type { Interval } from '../../domain/calendar/periods.js';
import { Decimal, toDecimal } from '../../domain/money/decimal.js';
import { notFound } from '../../platform/errors/common-errors.js';
import type { ProblemFactory } from '../../platform/errors/define-error.js';
import type { Offer } from '../plans/load-offer.js';
import { itemsDoNotFit, notOffered } from './subscriptions.errors.js';
import type { NewItem } from './subscriptions.schemas.js';

export interface ChosenItem {
  readonly price: Price;
  readonly quantity: Decimal;
  /** Where the caller named it, for problems with it. */
  readonly pointer: string;
}

/** What a subscription bills, and how often: one currency and one rhythm for all of it. */
export interface ChosenItems {
  readonly items: readonly ChosenItem[];
  readonly currency: string;
  readonly interval: Interval;
  readonly intervalCount: number;
}

export interface Choice {
  readonly offer: Offer;
  /** The prices the caller named; when absent all of the version that are not optional, but for one-time ones. */
  readonly items: readonly NewItem[] | undefined;
  /** The currency asked for; null when the prices decide. */
  readonly currency: string | null;
  /** The currency that a plan's prices are chosen by when they have several and none was asked for. */
  readonly customerCurrency: string | null;
}

/**
 * Chooses the prices a subscription is made of, and sees that they can be billed together.
 * @throws notFound, notOffered, itemsDoNotFit, with a pointer to the item
 */
export function chooseItems(choice: Choice): ChosenItems {
  const { plan } = choice.offer;
  if (!plan.active) throw notOffered(`Plan ${plan.id} is archived.`);
  if (plan.kind === 'add_on') {
    throw refuse(itemsDoNotFit, '/planId', 'is an add-on: name its prices among the items of another plan');
  }
  const items = choice.items ? namedItems(choice.offer, choice.items) : offeredItems(choice);
  const inRhythm = items.filter(({ price }) => price.type !== 'one_time');
  const [first] = inRhythm;
  if (!first) throw refuse(itemsDoNotFit, '/items', 'needs a recurring or usage price of the plan');
  const { currency } = first.price;
  if (choice.currency !== null && choice.currency !== currency) {
    throw refuse(itemsDoNotFit, '/currency', `is not the currency of the prices, ${currency}`);
  }
  for (const { price, pointer } of items) {
    if (price.currency !== currency)
      throw refuse(itemsDoNotFit, pointer, `is in ${price.currency}, not ${currency}`);
  }
  for (const { price, pointer } of inRhythm) {
    if (rhythmOf(price) !== rhythmOf(first.price)) {
      throw refuse(itemsDoNotFit, pointer, `is billed ${rhythmOf(price)}, not ${rhythmOf(first.price)}`);
    }
  }
  return {
    items,
    currency,
    interval: first.price.interval as Interval,
    intervalCount: first.price.intervalCount ?? 1,
  };
}

function namedItems(offer: Offer, named: readonly NewItem[]): ChosenItem[] {
  const seen = new Set<string>();
  const chosen = named.map((item, index) => {
    const pointer = `/items/${index}/priceId`;
    const price = findNamed(offer, item.priceId);
    if (!price) {
      const { plan, planVersion } = offer;
      throw refuse(notFound, pointer, `is no price of version ${planVersion} of plan ${plan.id}`);
    }
    if (!price.active) throw refuse(notOffered, pointer, 'is archived');
    if (seen.has(price.id))
      throw refuse(itemsDoNotFit, pointer, 'is named twice: raise the quantity instead');
    seen.add(price.id);
    const quantity = toDecimal(String(item.quantity));
    if (price.type === 'usage' && !quantity.eq(1)) {
      throw refuse(itemsDoNotFit, `/items/${index}/quantity`, 'is counted by the meter of a usage price');
    }
    return { price, quantity, pointer };
  });
  // An add-on belongs to something: what is subscribed to is the plan.
  if (chosen.every(({ price }) => offer.addOns.includes(price))) {
    throw refuse(itemsDoNotFit, '/items', `needs a price of plan ${offer.plan.id} itself`);
  }
  return chosen;
}

function findNamed({ prices, addOns }: Offer, name: string): Price | undefined {
  return [...prices, ...addOns].find(({ id, externalId }) => name === id || name === externalId);
}

/** All prices that come with the plan without being named, in one currency if that can be told. */
function offeredItems({ offer, currency, customerCurrency }: Choice): ChosenItem[] {
  const offered = offer.prices.filter(
    ({ active, type, optional }) => active && type !== 'one_time' && !optional,
  );
  const wanted = currency ?? customerCurrency;
  const inWanted = offered.filter((price) => price.currency === wanted);
  const prices = inWanted.length > 0 ? inWanted : offered;
  return prices.map((price) => ({ price, quantity: new Decimal(1), pointer: '/items' }));
}

function rhythmOf(price: Price): string {
  return `every ${price.intervalCount ?? 1} ${price.interval ?? ''}`;
}

function refuse(problem: ProblemFactory, pointer: string, message: string): Error {
  return problem(`${pointer} ${message}.`, { errors: [{ pointer, code: problem.code, message }] });
}
