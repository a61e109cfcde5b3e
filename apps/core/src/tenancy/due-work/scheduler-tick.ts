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
const CLAIM_SECONDS = 45;
const RETRY_SECONDS = 5;
/** Work that goes on without a break ranks behind work that has just come due: big runs make way for small ones. */
const GOING_ON_RANK = 20;

/**
 * Claims what is due and nobody has claimed: kinds, how many, for how many seconds. By the index of due moments, and for
 * each find by its key: the subquery's LIMIT keeps the planner from reading whole tables to join them.
 */
export const CLAIM_DUE_WORK = `
  WITH due AS (
    SELECT w.ctid AS place, w.tenant_database_id, w.kind, owner.tenant_id, owner.mode
    FROM due_work w
    CROSS JOIN LATERAL (
      SELECT d.tenant_id, d.mode
      FROM tenant_databases d JOIN tenants t ON t.id = d.tenant_id
      WHERE d.id = w.tenant_database_id AND d.status = 'active'
        AND t.status = 'active' AND t.maintenance_reason IS NULL
      LIMIT 1) owner
    WHERE w.due_at <= now() AND (w.claimed_until IS NULL OR w.claimed_until <= now()) AND w.kind = ANY($1)
    ORDER BY w.due_at
    LIMIT $2
    FOR UPDATE OF w SKIP LOCKED
  ), claimed AS (
    UPDATE due_work SET claimed_until = now() + make_interval(secs => $3)
    WHERE ctid = ANY(ARRAY(SELECT place FROM due))
    RETURNING tenant_database_id, kind
  )
  SELECT tenant_database_id AS "databaseId", due.tenant_id AS "tenantId", due.mode, kind
  FROM claimed JOIN due USING (tenant_database_id, kind)`;

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
      await Promise.all(claimed.map((work) => this.enqueue(work, 0)));
    } while (claimed.length === BATCH);
  }

  /** Enqueues the next job for work of which one job has done its part, unless another process has claimed it. */
  async goOn({ databaseId, tenantId, mode }: Omit<ClaimedWork, 'kind'>, kind: DueKind): Promise<void> {
    const { rowCount } = await this.central.pool.query(
      `UPDATE due_work SET claimed_until = now() + make_interval(secs => $3)
       WHERE tenant_database_id = $1 AND kind = $2
         AND due_at <= now() AND (claimed_until IS NULL OR claimed_until <= now())`,
      [databaseId, kind, CLAIM_SECONDS],
    );
    if (rowCount === 1) await this.enqueue({ databaseId, tenantId, mode, kind }, GOING_ON_RANK);
  }

  /** Of several processes each row is claimed by one. Work of tenants that are not active waits until they are. */
  private async claim(): Promise<ClaimedWork[]> {
    const { rows } = await this.central.pool.query<ClaimedWork>(CLAIM_DUE_WORK, [
      Object.keys(DUE_KINDS),
      BATCH,
      CLAIM_SECONDS,
    ]);
    return rows;
  }

  private async enqueue({ databaseId, tenantId, mode, kind }: ClaimedWork, rank: number): Promise<void> {
    try {
      const key = `due-${kind}-${databaseId}`;
      await this.queues.addUnlessPending(DUE_KINDS[kind], { tenantId, mode }, { key, rank });
    } catch (error) {
      this.log.error({ err: error, tenantId, databaseId, kind }, 'Due work could not be enqueued.');
      await this.dueWork.postpone(databaseId, kind, RETRY_SECONDS);
    }
  }
}
