import type { Prisma } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import type { EventType } from './event-types.js';
import { type NewEvent, recordEvent } from './record-event.js';

/** An object as the API shows it. */
export interface ShownObject {
  readonly object: string;
  readonly id: string;
}

/** What an event says of an object besides how it is now. */
export interface ChangeFacts {
  /** How the object was: what of it is different stands in `previousAttributes`. */
  readonly before?: ShownObject;
  /** What else there is to know of this type of event. */
  readonly facts?: Prisma.InputJsonObject;
}

/** What every change changes. */
const BOOKKEEPING: readonly string[] = ['version', 'updatedAt'];

/** Writes that something happened to an object, with the object as the API shows it now. */
export async function recordChange(
  tx: TenantTransaction,
  ctx: TenantContext,
  type: EventType,
  shown: ShownObject,
  more: ChangeFacts = {},
): Promise<void> {
  await recordEvent(tx, ctx, changeEvent(type, shown, more));
}

/** The event of such a change, for those that are written many at once. */
export function changeEvent(
  type: EventType,
  shown: ShownObject,
  { before, facts = {} }: ChangeFacts = {},
): NewEvent {
  const previous = before ? { previousAttributes: previousAttributes(before, shown) } : {};
  return {
    type,
    objectType: shown.object,
    objectId: shown.id,
    // What the API shows is JSON.
    data: { ...facts, object: shown, ...previous } as unknown as Prisma.InputJsonObject,
  };
}

/** The values that an object had where it has others now. */
export function previousAttributes(before: ShownObject, after: ShownObject): Record<string, unknown> {
  const now = new Map(Object.entries(after));
  return Object.fromEntries(
    Object.entries(before).filter(
      ([name, value]) =>
        !BOOKKEEPING.includes(name) && JSON.stringify(value) !== JSON.stringify(now.get(name)),
    ),
  );
}
