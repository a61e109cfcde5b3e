import { textOf } from '../frame/json-text.js';
import type { FormObject } from '../frame/form-body.js';
import type { Call } from './call.js';
import { makePrice } from './catalogue.js';
import { invalid, missing } from './errors.js';
import { objectIn, textIn } from './params.js';
import { find } from './store.js';
import type { StripeObject, StripeWorld } from './world.js';

/** A price, so many times. */
export interface Line {
  price: StripeObject;
  quantity: number;
}

/** The lines of a checkout or a subscription; all in one currency. */
export function linesIn(world: StripeWorld, call: Call, items: readonly unknown[], param: string): Line[] {
  if (items.length === 0) throw missing(param);
  const lines = items.map((item, index): Line => {
    const params = item as FormObject;
    const named = textIn(params, 'price');
    const price =
      named === null
        ? makePrice(world, call, objectIn(params, 'price_data'))
        : find(world, call, 'price', named, `${param}[${index}][price]`);
    return { price, quantity: Number(textIn(params, 'quantity') ?? 1) };
  });
  if (new Set(lines.map(({ price }) => price['currency'])).size > 1)
    throw invalid('All prices must have the same currency.', param);
  return lines;
}

export const totalOf = (lines: readonly Line[]): number =>
  lines.reduce((total, { price, quantity }) => total + Number(price['unit_amount']) * quantity, 0);

export const currencyOf = ([first]: readonly Line[]): string => textOf(first?.price['currency']);
