import { Injectable } from '@nestjs/common';

import { CentralDatabase } from '../central/central-database.js';
import { MARK_LEASE_SECONDS } from './dirty-marks.js';

const MINUTES_A_DAY = 1_440;
/** Whose mark a daily visit is, instead of a process'. */
const DAILY_VISIT = 'daily-repair';
/** Whose mark it is when a daily visit has found jobs under way that no process answers for. */
const JOBS_UNDER_WAY = 'jobs-under-way';

/**
 * A database that is closed, copied or about to be dropped keeps its marks until its tenant goes on, and is then visited at
 * once. The jobs of a suspended tenant wait, so there is nothing to look after but what is done every day.
 */
const MAY_BE_LOOKED_AFTER = `t.maintenance_reason IS NULL
  AND (t.status = 'active' OR (t.status = 'suspended' AND m.process_id = '${DAILY_VISIT}'))`;
const IS_VISITED_DAILY = "t.status IN ('active', 'suspended') AND t.maintenance_reason IS NULL";

/** A mark whose process has died, or could not finish what its writes caused. */
export interface ExpiredMark {
  databaseId: string;
  processId: string;
  tenantId: string;
  /** As text, for the precision that a comparison needs. */
  lease: string;
}

/** The marks in central that have expired. */
@Injectable()
export class ExpiredMarks {
  constructor(private readonly central: CentralDatabase) {}

  /** Takes leases over, so that of several sweepers one comes. If that dies, they expire once more. */
  async claim(count: number): Promise<ExpiredMark[]> {
    if (count <= 0) return [];
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
      [count, MARK_LEASE_SECONDS],
    );
    return rows;
  }

  /** Removes a mark, unless somebody has renewed it meanwhile: its process may be alive after all. */
  async drop({ databaseId, processId, lease }: ExpiredMark): Promise<void> {
    await this.central.pool.query(
      'DELETE FROM dirty_marks WHERE tenant_database_id = $1 AND process_id = $2 AND lease_until = $3::timestamptz',
      [databaseId, processId, lease],
    );
  }

  /** Lets a claimed mark expire again after so many seconds, unless somebody has renewed it meanwhile. */
  async postpone({ databaseId, processId, lease }: ExpiredMark, seconds: number): Promise<void> {
    await this.central.pool.query(
      `UPDATE dirty_marks SET lease_until = now() + make_interval(secs => $4)
       WHERE tenant_database_id = $1 AND process_id = $2 AND lease_until = $3::timestamptz`,
      [databaseId, processId, lease, seconds],
    );
  }

  /** Marks the databases whose minute of the day it is as expired already, for the next sweep of any process. */
  async addDaily(): Promise<void> {
    await this.central.pool.query(
      `INSERT INTO dirty_marks (tenant_database_id, process_id, lease_until)
       SELECT d.id, $2, now() FROM tenant_databases d
       JOIN tenants t ON t.id = d.tenant_id AND ${IS_VISITED_DAILY}
       WHERE d.status = 'active'
         AND (hashtext(d.id) & 2147483647) % $1 = (extract(epoch FROM now())::bigint / 60) % $1
       ON CONFLICT DO NOTHING`,
      [MINUTES_A_DAY, DAILY_VISIT],
    );
  }

  isDaily({ processId }: ExpiredMark): boolean {
    return processId === DAILY_VISIT;
  }

  /** Marks a database whose jobs have to be looked after until they have ended. */
  async keepWatch(databaseId: string): Promise<void> {
    await this.central.pool.query(
      `INSERT INTO dirty_marks (tenant_database_id, process_id, lease_until)
       VALUES ($1, $2, now() + make_interval(secs => $3)) ON CONFLICT DO NOTHING`,
      [databaseId, JOBS_UNDER_WAY, MARK_LEASE_SECONDS],
    );
  }
}
