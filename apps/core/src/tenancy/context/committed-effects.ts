import { JOBS, type JobName } from '../../platform/queues/catalogue.js';
import { newId } from '../../platform/ids/new-id.js';
import type { DueKind } from '../due-work/due-kinds.js';
import { NEVER_RELAYED } from '../outbox/outbox-rows.js';
import type { TenantTransaction } from '../tenant-context.js';
import type { WriteScope } from './open-databases.js';

/** What one attempt at a transaction wants to happen once it is committed. */
export interface CommittedEffects {
  jobs: number;
  readonly due: Map<DueKind, Date>;
}

/** The transaction as a verb sees it. Its jobs are written to the outbox at once; its effects are for after commit. */
export function tenantTransaction(
  scope: WriteScope,
  db: TenantTransaction['db'],
  effects: CommittedEffects,
): TenantTransaction {
  const { tenantId, mode } = scope.database;
  const enqueueAll = async <N extends JobName>(job: N, payloads: readonly object[]) => {
    if (payloads.length === 0) return;
    const rows = payloads.map((payload) => ({
      id: newId('job'),
      payload: JOBS[job].payload.parse({ ...payload, tenantId, mode }),
    }));
    await db.$executeRaw`
      INSERT INTO outbox (id, job, payload, available_at)
      SELECT id, ${job}, payload, ${NEVER_RELAYED} FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS row (id text, payload jsonb)`;
    effects.jobs += rows.length;
  };
  return {
    db,
    enqueue: (job, payload) => enqueueAll(job, [payload]),
    enqueueAll,
    due: (kind, at) => {
      if (!at) return;
      const known = effects.due.get(kind);
      if (!known || at < known) effects.due.set(kind, at);
    },
  };
}
