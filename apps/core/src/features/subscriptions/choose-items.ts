import type { Price } from '@nova/prisma-tenant';

import type { Interval } from '../../domain/calendar/periods.js';
import { Decimal, toDecimal } from '../../domain/money/decimal.js';
import { readChargeTerms, writeChargeTerms } from '../../domain/rating/read-charge-terms.js';
import { notFound } from '../../platform/errors/common-errors.js';
import type { ProblemFactory } from '../../platform/errors/define-error.js';
import type { Offer } from '../plans/load-offer.js';
import type { TermsJson } from '../plans/price-terms.js';
import { fitsType } from '../plans/price-rules.js';
import { itemsDoNotFit, notOffered } from './subscriptions.errors.js';
import type { NewItem } from './subscriptions.schemas.js';

export interface ChosenItem {
  readonly price: Price;
  readonly quantity: Decimal;
  /** What it charges instead of its price; null for what the price says. */
  readonly terms: TermsJson | null;
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
  /** The prices the caller named; when absent all of the version that are not optional. */
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
    throw refuseAt(itemsDoNotFit, '/planId', 'is an add-on: name its prices among the items of another plan');
  }
  const items = choice.items ? namedItems(choice.offer, choice.items) : offeredItems(choice);
  return { items, ...billedTogether(items, choice.currency) };
}

/**
 * Sees that items can be billed together: in one currency, and the recurring ones in one rhythm.
 * @throws itemsDoNotFit, with a pointer to the item
 */
export function billedTogether(
  items: readonly Pick<ChosenItem, 'price' | 'pointer'>[],
  wanted: string | null,
): Omit<ChosenItems, 'items'> {
  const inRhythm = items.filter(({ price }) => price.type !== 'one_time');
  const [first] = inRhythm;
  if (!first) throw refuseAt(itemsDoNotFit, '/items', 'needs a recurring or usage price of the plan');
  const { currency } = first.price;
  if (wanted !== null && wanted !== currency) {
    throw refuseAt(itemsDoNotFit, '/currency', `is not the currency of the prices, ${currency}`);
  }
  for (const { price, pointer } of items) {
    if (price.currency !== currency)
      throw refuseAt(itemsDoNotFit, pointer, `is in ${price.currency}, not ${currency}`);
  }
  for (const { price, pointer } of inRhythm) {
    if (rhythmOf(price) !== rhythmOf(first.price)) {
      throw refuseAt(itemsDoNotFit, pointer, `is billed ${rhythmOf(price)}, not ${rhythmOf(first.price)}`);
    }
  }
  return {
    currency,
    interval: first.price.interval as Interval,
    intervalCount: first.price.intervalCount ?? 1,
  };
}

function namedItems(offer: Offer, named: readonly NewItem[]): ChosenItem[] {
  const seen = new Set<string>();
  const chosen = named.map((item, index) => {
    const one = namedItem(offer, item, `/items/${index}`);
    if (seen.has(one.price.id))
      throw refuseAt(itemsDoNotFit, one.pointer, 'is named twice: raise the quantity instead');
    seen.add(one.price.id);
    return one;
  });
  // An add-on belongs to something: what is subscribed to is the plan.
  if (chosen.every(({ price }) => offer.addOns.includes(price))) {
    throw refuseAt(itemsDoNotFit, '/items', `needs a price of plan ${offer.plan.id} itself`);
  }
  return chosen;
}

/**
 * An item that is added by the name of its price.
 * @throws notFound, notOffered, itemsDoNotFit
 */
export function namedItem(offer: Offer, item: NewItem, at: string): ChosenItem {
  const pointer = `${at}/priceId`;
  const price = findNamed(offer, item.priceId);
  if (!price) {
    const { plan, planVersion } = offer;
    throw refuseAt(notFound, pointer, `is no price of version ${planVersion} of plan ${plan.id}`);
  }
  if (!price.active) throw refuseAt(notOffered, pointer, 'is archived');
  const quantity = quantityOf(price, item.quantity, at);
  return { price, quantity, terms: item.terms ? termsFor(price, item.terms, at) : null, pointer };
}

/**
 * The quantity of an item. That of a usage price is counted, not chosen.
 * @throws itemsDoNotFit
 */
export function quantityOf(price: Price, quantity: string | number, at: string): Decimal {
  const chosen = toDecimal(String(quantity));
  if (price.type === 'usage' && !chosen.eq(1)) {
    throw refuseAt(itemsDoNotFit, `${at}/quantity`, 'is counted by the meter of a usage price');
  }
  return chosen;
}

/**
 * An item's own terms, as they are stored. They were checked on their way in; here, that the model goes with the price.
 * @throws itemsDoNotFit
 */
export function termsFor(price: Price, terms: Readonly<Record<string, unknown>>, at: string): TermsJson {
  const read = readChargeTerms(terms);
  if (!fitsType(read.model, price.type)) {
    throw refuseAt(itemsDoNotFit, `${at}/terms/model`, `is no model of a ${price.type} price`);
  }
  return writeChargeTerms(read);
}

function findNamed({ prices, addOns }: Offer, name: string): Price | undefined {
  return [...prices, ...addOns].find(({ id, externalId }) => name === id || name === externalId);
}

/**
 * All prices that come with the plan without being named, in one currency if that can be told: the one that is wanted,
 * or the only one there is. Those that recur decide, and a set-up fee in another one is for others.
 */
function offeredItems({ offer, currency, customerCurrency }: Choice): ChosenItem[] {
  const offered = offer.prices.filter(({ active, optional }) => active && !optional);
  const inRhythm = new Set(offered.flatMap((price) => (price.type === 'one_time' ? [] : [price.currency])));
  const wanted = currency ?? customerCurrency;
  const [only = null, ...others] = inRhythm;
  const chosen = wanted !== null && inRhythm.has(wanted) ? wanted : others.length === 0 ? only : null;
  return offered
    .filter((price) => chosen === null || price.currency === chosen)
    .map((price) => ({ price, quantity: new Decimal(1), terms: null, pointer: '/items' }));
}

function rhythmOf(price: Price): string {
  return `every ${price.intervalCount ?? 1} ${price.interval ?? ''}`;
}

/** A problem with a part of the request. */
export function refuseAt(problem: ProblemFactory, pointer: string, message: string): Error {
  return problem(`${pointer} ${message}.`, { errors: [{ pointer, code: problem.code, message }] });
}
