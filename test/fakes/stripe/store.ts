import type { FormObject } from '../frame/form-body.js';
import { textOf, type Json } from '../frame/json-text.js';
import type { Call } from './call.js';
import { noSuch } from './errors.js';
import { objectIn, textIn } from './params.js';
import type { CardBehaviour, Stored, StripeObject, StripeWorld } from './world.js';

type Owner = Pick<Call, 'account' | 'livemode'>;

/** What every list takes. */
export const LIST_PARAMS = {
  limit: 'integer',
  starting_after: 'text',
  created: { gte: 'integer', gt: 'integer', lte: 'integer', lt: 'integer' },
} as const;

/** Puts a new object into the world, with its identifier, moment and mode. */
export function create(
  world: StripeWorld,
  owner: Owner,
  kind: { prefix: string; object: string },
  members: Record<string, Json | undefined>,
  behaviour: CardBehaviour = 'success',
): StripeObject {
  const data: StripeObject = {
    id: `${kind.prefix}_${world.ids.text(24)}`,
    object: kind.object,
    created: seconds(world),
    livemode: owner.livemode,
    ...members,
  };
  world.stored.set(data.id, { account: owner.account, livemode: owner.livemode, data, behaviour });
  return data;
}

/** The caller's object with this identifier; refuses what is another's, or of the other mode. */
export function find(
  world: StripeWorld,
  owner: Owner,
  object: string,
  id: string,
  param = 'id',
): StripeObject {
  return findStored(world, owner, object, id, param).data;
}

export function findStored(
  world: StripeWorld,
  owner: Owner,
  object: string,
  id: string,
  param = 'id',
): Stored {
  const found = world.stored.get(id);
  if (found?.data.object === object && found.account === owner.account && found.livemode === owner.livemode)
    return found;
  throw noSuch(object, id, param);
}

/** The caller's objects of a kind, the newest first. */
export function all(world: StripeWorld, owner: Owner, object: string): StripeObject[] {
  return [...world.stored.values()]
    .filter((s) => s.data.object === object && s.account === owner.account && s.livemode === owner.livemode)
    .map(({ data }) => data)
    .toReversed();
}

/** A page of them, filtered by members that have to be equal. */
export function list(
  world: StripeWorld,
  call: Call,
  object: string,
  filters: readonly string[],
  url: string,
): Json {
  const wanted = filters.flatMap((name) => {
    const value = textIn(call.params, name);
    return value === null ? [] : [[name, value] as const];
  });
  const created = objectIn(call.params, 'created');
  const matching = all(world, call, object).filter(
    (item) =>
      wanted.every(([name, value]) => textOf(item[name]) === value) &&
      isWithin(Number(item['created']), created),
  );
  const after = textIn(call.params, 'starting_after');
  const start = after === null ? 0 : matching.findIndex(({ id }) => id === after) + 1;
  const limit = Number(textIn(call.params, 'limit') ?? 10);
  const data = matching.slice(start, start + limit);
  return { object: 'list', url, has_more: start + limit < matching.length, data };
}

function isWithin(created: number, bounds: FormObject): boolean {
  const bound = (name: string) => Number(textIn(bounds, name) ?? Number.NaN);
  return !(
    created < bound('gte') ||
    created <= bound('gt') ||
    created > bound('lte') ||
    created >= bound('lt')
  );
}

/** Unix seconds of the provider's time. */
export const seconds = (world: StripeWorld): number => Math.floor(world.clock.now() / 1_000);

export const ownerOf = (world: StripeWorld, id: string): Owner => {
  const found = world.stored.get(id);
  if (!found) throw new Error(`There is no ${id}.`);
  return found;
};
