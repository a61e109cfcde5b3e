import type { Plan, Price } from '@nova/prisma-tenant';

import type { Interval } from '../../domain/calendar/periods.js';
import { Decimal, toDecimal } from '../../domain/money/decimal.js';
import { notFound } from '../../platform/errors/common-errors.js';
import type { ProblemFactory } from '../../platform/errors/define-error.js';
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
  readonly plan: Plan & { readonly prices: readonly Price[] };
  /** The prices the caller named; all recurring ones of the plan when absent. */
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
  if (!choice.plan.active) throw notOffered(`Plan ${choice.plan.id} is archived.`);
  const items = choice.items ? namedItems(choice.plan, choice.items) : offeredItems(choice);
  const recurring = items.filter(({ price }) => price.type === 'recurring');
  const [first] = recurring;
  if (!first) throw refuse(itemsDoNotFit, '/items', 'needs a recurring price of the plan');
  const { currency } = first.price;
  if (choice.currency !== null && choice.currency !== currency) {
    throw refuse(itemsDoNotFit, '/currency', `is not the currency of the prices, ${currency}`);
  }
  for (const { price, pointer } of items) {
    if (price.currency !== currency)
      throw refuse(itemsDoNotFit, pointer, `is in ${price.currency}, not ${currency}`);
  }
  for (const { price, pointer } of recurring) {
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

function namedItems(plan: Choice['plan'], named: readonly NewItem[]): ChosenItem[] {
  const seen = new Set<string>();
  return named.map((item, index) => {
    const pointer = `/items/${index}/priceId`;
    const price = plan.prices.find(
      ({ id, externalId }) => item.priceId === id || item.priceId === externalId,
    );
    if (!price) throw refuse(notFound, pointer, `is no price of plan ${plan.id}`);
    if (!price.active) throw refuse(notOffered, pointer, 'is archived');
    if (seen.has(price.id))
      throw refuse(itemsDoNotFit, pointer, 'is named twice: raise the quantity instead');
    seen.add(price.id);
    return { price, quantity: toDecimal(String(item.quantity)), pointer };
  });
}

/** All recurring prices of the plan that are offered, in one currency if that can be told. */
function offeredItems({ plan, currency, customerCurrency }: Choice): ChosenItem[] {
  const offered = plan.prices.filter((price) => price.active && price.type === 'recurring');
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
