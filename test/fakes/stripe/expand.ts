import type { FormObject } from '../frame/form-body.js';
import { isJsonObject, type Json } from '../frame/json-text.js';
import { listIn } from './params.js';
import type { StripeWorld } from './world.js';

/** The answer with the objects that the caller wants whole in the place of their identifiers. */
export function expanded(world: StripeWorld, answer: Json, params: FormObject): Json {
  return listIn(params, 'expand').reduce<Json>(
    (value, path) => (typeof path === 'string' ? along(world, value, path.split('.')) : value),
    answer,
  );
}

function along(world: StripeWorld, value: Json, [name, ...rest]: string[]): Json {
  if (name === undefined) return wholeOf(world, value);
  if (Array.isArray(value)) return value.map((item: Json) => along(world, item, [name, ...rest]));
  const whole = wholeOf(world, value);
  if (!isJsonObject(whole) || whole[name] === undefined) return whole;
  return { ...whole, [name]: along(world, whole[name] ?? null, rest) };
}

const wholeOf = (world: StripeWorld, value: Json): Json =>
  typeof value === 'string' ? ((world.stored.get(value)?.data as Json | undefined) ?? value) : value;
