import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { LOGGER } from '../../platform/log/log.module.js';
import { JobQueues } from '../../platform/queues/job-queues.js';
import { Repeater } from '../../platform/timers/repeater.js';
import { CentralDatabase } from '../central/central-database.js';
import type { Mode } from '../tenant-context.js';
import { DUE_KINDS, type DueKind } from './due-kinds.js';
import { DueWorkIndex } from './due-work-index.js';

const BATCH = 100;
/** How long claimed work is left alone. Work whose job was lost comes up again after it. */
const CLAIM_SECONDS = 60;
const RETRY_SECONDS = 5;

interface ClaimedWork {
  databaseId: string;
  tenantId: string;
  mode: Mode;
  kind: DueKind;
}

/** Finds work that has come due with one query, however many tenants are idle, and enqueues one job for each find. */
@Injectable()
export class SchedulerTick {
  private readonly repeater: Repeater;

  constructor(
    private readonly central: CentralDatabase,
    private readonly queues: JobQueues,
    private readonly dueWork: DueWorkIndex,
    @Inject(CONFIG) config: Config,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.repeater = new Repeater(
      () => this.tick(),
      config.schedulerTickMs,
      (error) => this.log.error({ err: error }, 'The scheduler could not look for due work.'),
    );
  }

  start(): void {
    this.repeater.start();
  }

  /** Looks for due work without waiting for the next tick. */
  runSoon(): void {
    this.repeater.runSoon();
  }

  stop(): Promise<void> {
    return this.repeater.stop();
  }

  /** Enqueues all work that is due now and that no process has claimed. */
  async tick(): Promise<void> {
    let claimed: ClaimedWork[];
    do {
      claimed = await this.claim();
      await Promise.all(claimed.map((work) => this.enqueue(work)));
    } while (claimed.length === BATCH);
  }

  /** Of several processes each row is claimed by one. Work of tenants that are not active waits until they are. */
  private async claim(): Promise<ClaimedWork[]> {
    const { rows } = await this.central.pool.query<ClaimedWork>(
      `WITH due AS (
         SELECT w.tenant_database_id, w.kind, d.tenant_id, d.mode
         FROM due_work w
         JOIN tenant_databases d ON d.id = w.tenant_database_id AND d.status = 'active'
         JOIN tenants t ON t.id = d.tenant_id AND t.status = 'active'
         WHERE w.due_at <= now() AND (w.claimed_until IS NULL OR w.claimed_until <= now()) AND w.kind = ANY($1)
         ORDER BY w.due_at
         LIMIT $2
         FOR UPDATE OF w SKIP LOCKED)
       UPDATE due_work w SET claimed_until = now() + make_interval(secs => $3)
       FROM due
       WHERE w.tenant_database_id = due.tenant_database_id AND w.kind = due.kind
       RETURNING w.tenant_database_id AS "databaseId", due.tenant_id AS "tenantId", due.mode, w.kind`,
      [Object.keys(DUE_KINDS), BATCH, CLAIM_SECONDS],
    );
    return rows;
  }

  private async enqueue({ databaseId, tenantId, mode, kind }: ClaimedWork): Promise<void> {
    try {
      await this.queues.addUnlessPending(DUE_KINDS[kind], { tenantId, mode }, `due-${kind}-${databaseId}`);
    } catch (error) {
      this.log.error({ err: error, tenantId, databaseId, kind }, 'Due work could not be enqueued.');
      await this.dueWork.postpone(databaseId, kind, RETRY_SECONDS);
    }
  }
}
