import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../../platform/log/log.module.js';
import { Repeater } from '../../platform/timers/repeater.js';
import { CentralDatabase } from '../central/central-database.js';
import { OpenDatabases } from '../context/open-databases.js';
import { TenantWrites } from '../context/tenant-writes.js';
import { type DatabaseSnapshot, TenantDirectory } from '../directory/tenant-directory.js';
import { DailyTasks } from './daily-tasks.js';
import { MARK_LEASE_SECONDS } from './dirty-marks.js';

const SWEEP_INTERVAL_MS = 5_000;
const REPAIR_INTERVAL_MS = 30_000;
const BATCH = 8;
const MINUTES_A_DAY = 1_440;
/** Whose mark a daily visit is, instead of a process'. */
const DAILY_VISIT = 'daily-repair';

/** A database that is closed, copied or about to be dropped keeps its marks until its tenant goes on. */
const MAY_BE_LOOKED_AFTER = "t.status IN ('active', 'suspended') AND t.maintenance_reason IS NULL";

interface ExpiredMark {
  databaseId: string;
  processId: string;
  tenantId: string;
  /** As text, for the precision that a comparison needs. */
  lease: string;
}

/**
 * Looks after databases whose mark has expired: the process that wrote to them died, or could not finish what its
 * writes caused. And once a day, spread over the day, after every database, so that nothing is lost for good.
 */
@Injectable()
export class Sweeper {
  private readonly sweeps: Repeater;
  private readonly repairs: Repeater;

  constructor(
    private readonly central: CentralDatabase,
    private readonly directory: TenantDirectory,
    private readonly databases: OpenDatabases,
    private readonly writes: TenantWrites,
    private readonly dailyTasks: DailyTasks,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    const onError = (error: unknown) =>
      this.log.error({ err: error }, 'The sweeper could not look for expired marks.');
    this.sweeps = new Repeater(() => this.sweep(), SWEEP_INTERVAL_MS, onError);
    this.repairs = new Repeater(() => this.markForDailyRepair(), REPAIR_INTERVAL_MS, onError);
  }

  start(): void {
    this.sweeps.start();
    this.repairs.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.sweeps.stop(), this.repairs.stop()]);
  }

  /** Looks after every database whose mark has expired and that no other sweeper is at. */
  async sweep(): Promise<void> {
    let claimed: ExpiredMark[];
    do {
      claimed = await this.claim();
      await Promise.all(claimed.map((mark) => this.lookAfter(mark)));
    } while (claimed.length === BATCH);
  }

  /** Marks the databases whose minute of the day it is as expired already, for the next sweep of any process. */
  async markForDailyRepair(): Promise<void> {
    await this.central.pool.query(
      `INSERT INTO dirty_marks (tenant_database_id, process_id, lease_until)
       SELECT d.id, $2, now() FROM tenant_databases d
       JOIN tenants t ON t.id = d.tenant_id AND ${MAY_BE_LOOKED_AFTER}
       WHERE d.status = 'active'
         AND (hashtext(d.id) & 2147483647) % $1 = (extract(epoch FROM now())::bigint / 60) % $1
       ON CONFLICT DO NOTHING`,
      [MINUTES_A_DAY, DAILY_VISIT],
    );
  }

  /** Takes the leases over, so that of several sweepers one comes. If it dies, they expire once more. */
  private async claim(): Promise<ExpiredMark[]> {
    const { rows } = await this.central.pool.query<ExpiredMark>(
      `WITH expired AS (
         SELECT m.tenant_database_id, m.process_id, d.tenant_id
         FROM dirty_marks m JOIN tenant_databases d ON d.id = m.tenant_database_id
           JOIN tenants t ON t.id = d.tenant_id AND ${MAY_BE_LOOKED_AFTER}
         WHERE m.lease_until <= now()
         ORDER BY m.lease_until
         LIMIT $1
         FOR UPDATE OF m SKIP LOCKED)
       UPDATE dirty_marks m SET lease_until = now() + make_interval(secs => $2)
       FROM expired
       WHERE m.tenant_database_id = expired.tenant_database_id AND m.process_id = expired.process_id
       RETURNING m.tenant_database_id AS "databaseId", m.process_id AS "processId",
         expired.tenant_id AS "tenantId", m.lease_until::text AS lease`,
      [BATCH, MARK_LEASE_SECONDS],
    );
    return rows;
  }

  private async lookAfter(mark: ExpiredMark): Promise<void> {
    const { tenantId, databaseId } = mark;
    try {
      const snapshot = await this.snapshotOf(mark);
      // A database that was retired has nothing left to look after.
      const done = snapshot === null || (await this.repair(snapshot, mark));
      if (done) await this.drop(mark);
    } catch (error) {
      this.log.warn(
        { err: error, tenantId, databaseId },
        'A database with an expired mark could not be looked after.',
      );
    }
  }

  private async repair(snapshot: DatabaseSnapshot, { processId }: ExpiredMark): Promise<boolean> {
    const database = await this.databases.open(snapshot);
    try {
      const done = await this.writes.lookAfter({ database, clock: database.clock });
      if (done && processId === DAILY_VISIT) await this.dailyTasks.run(database);
      return done;
    } finally {
      database.release();
    }
  }

  private async snapshotOf({ tenantId, databaseId }: ExpiredMark): Promise<DatabaseSnapshot | null> {
    const tenant = await this.directory.fresh(tenantId);
    return tenant?.databases.find((database) => database.id === databaseId) ?? null;
  }

  /** Only if nobody has renewed it meanwhile: its process may be alive after all. */
  private async drop({ databaseId, processId, lease }: ExpiredMark): Promise<void> {
    await this.central.pool.query(
      'DELETE FROM dirty_marks WHERE tenant_database_id = $1 AND process_id = $2 AND lease_until = $3::timestamptz',
      [databaseId, processId, lease],
    );
  }
}
