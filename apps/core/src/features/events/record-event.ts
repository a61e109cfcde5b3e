import type { Prisma } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';

/** Something that happened to an object of the tenant's. */
export interface NewEvent {
  /** What, as `<object>.<past tense>`: `usage.threshold_reached`. */
  readonly type: string;
  readonly objectType: string;
  readonly objectId: string;
  /** What the receiver wants to know, as JSON. */
  readonly data: Prisma.InputJsonObject;
}

/** Writes that something happened, in the transaction that makes it happen. */
export async function recordEvent(tx: TenantTransaction, ctx: TenantContext, event: NewEvent): Promise<void> {
  await recordEvents(tx, ctx, [event]);
}

/** The same of many things at once, in their order. */
export async function recordEvents(
  tx: TenantTransaction,
  ctx: TenantContext,
  events: readonly NewEvent[],
): Promise<void> {
  if (events.length === 0) return;
  const createdAt = ctx.clock.now();
  await tx.db.event.createMany({ data: events.map((event) => ({ ...event, id: newId('evt'), createdAt })) });
}
