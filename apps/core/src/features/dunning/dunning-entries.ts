import type { DunningRun } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import type { EntryKind } from './dunning-run-wire.js';

interface NewEntry {
  readonly kind: EntryKind;
  /** The number of the policy's step; that of this go at the invoice unless given, which is below zero. */
  readonly step?: number;
  readonly paymentId?: string | null;
  readonly note?: string | null;
}

/** Writes into the timeline of an invoice that something was done. What stands there already stands there once. */
export async function writeEntry(
  ctx: TenantContext,
  tx: TenantTransaction,
  run: Pick<DunningRun, 'id'>,
  { kind, step, paymentId = null, note = null }: NewEntry,
): Promise<void> {
  await tx.db.dunningEntry.createMany({
    data: [
      {
        id: newId('dne'),
        runId: run.id,
        step: step ?? (await presentGo(tx, run, kind)),
        kind,
        paymentId,
        note,
        createdAt: ctx.clock.now(),
      },
    ],
    skipDuplicates: true,
  });
}

/**
 * What is none of the policy's steps, its beginning and its end, bears the number of the go at the invoice: -1, and -2
 * where somebody has started again what had ended. So each is there once for every go.
 */
async function presentGo(
  tx: TenantTransaction,
  run: Pick<DunningRun, 'id'>,
  kind: EntryKind,
): Promise<number> {
  const begun = await tx.db.dunningEntry.count({ where: { runId: run.id, kind: 'started' } });
  return kind === 'started' ? -(begun + 1) : -begun;
}
