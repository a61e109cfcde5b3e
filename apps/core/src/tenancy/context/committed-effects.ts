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
  return {
    db,
    enqueue: async <N extends JobName>(job: N, payload: object) => {
      const complete = JOBS[job].payload.parse({ ...payload, tenantId, mode });
      const row = { id: newId('job'), job, payload: complete, availableAt: NEVER_RELAYED };
      await db.outboxJob.create({ data: row });
      effects.jobs++;
    },
    due: (kind, at) => {
      if (!at) return;
      const known = effects.due.get(kind);
      if (!known || at < known) effects.due.set(kind, at);
    },
  };
}
