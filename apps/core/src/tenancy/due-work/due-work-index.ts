import { Injectable } from '@nestjs/common';

import { type Clock, systemClock } from '../../platform/clock/clock.js';
import { CentralDatabase } from '../central/central-database.js';
import type { Mode, TenantReader } from '../tenant-context.js';
import { DUE_KINDS, type DueKind } from './due-kinds.js';
import { DueSources, type DueTenant } from './due-sources.js';
import { presentClock } from './present-clock.js';

const RECOMPUTE_ATTEMPTS = 5;
/** A revision starts at the time in microseconds, so that it is never met again after its row was deleted. */
const FIRST_REVISION = '(extract(epoch FROM clock_timestamp()) * 1000000)::bigint';

/** A tenant database as the index needs it; a `TenantContext` is one. */
export interface DuePlace {
  readonly databaseId: string;
  readonly mode: Mode;
  readonly db: TenantReader;
  readonly tenant: DueTenant;
}

/** Central's index of when which work of which tenant database is next due. */
@Injectable()
export class DueWorkIndex {
  constructor(
    private readonly central: CentralDatabase,
    private readonly sources: DueSources,
  ) {}

  /**
   * Says that work is due at these moments of the tenant's clock, at the latest. Never makes anything due later, and
   * lets a recompute under way notice that it may have read too early.
   */
  async note(databaseId: string, clock: Clock, moments: ReadonlyMap<DueKind, Date>): Promise<void> {
    const due = [...moments]
      .map(([kind, at]) => ({ kind, at: inRealTime(at, clock) }))
      .filter((item): item is { kind: DueKind; at: Date } => item.at !== null)
      .sort((a, b) => a.kind.localeCompare(b.kind));
    if (due.length === 0) return;
    await this.central.pool.query(
      `INSERT INTO due_work (tenant_database_id, kind, due_at, revision)
       SELECT $1, noted.kind, noted.due_at, ${FIRST_REVISION}
       FROM unnest($2::text[], $3::timestamptz[]) AS noted (kind, due_at)
       ON CONFLICT (tenant_database_id, kind) DO UPDATE
         SET due_at = LEAST(due_work.due_at, excluded.due_at), revision = due_work.revision + 1`,
      [databaseId, due.map((item) => item.kind), due.map((item) => item.at)],
    );
  }

  /** Recomputes every kind from the tenant's own rows. */
  async recomputeAll(place: DuePlace): Promise<void> {
    for (const kind of Object.keys(DUE_KINDS) as DueKind[]) await this.recompute(place, kind);
  }

  /**
   * Replaces what the index says of one kind with what the tenant's rows say, and gives up any claim on it.
   * Work that is noted meanwhile, or recomputed after a move of the clock, wins over what was read before it.
   * @returns when the next work is due in real time, or null
   */
  async recompute({ databaseId, mode, db, tenant }: DuePlace, kind: DueKind): Promise<Date | null> {
    for (let attempt = 1; ; attempt++) {
      const revision = await this.revisionOf(databaseId, kind);
      const clock = await presentClock({ mode, db });
      const first = await this.sources.of(kind)(db, tenant);
      const dueAt = first && inRealTime(first.at, clock);
      const written = await this.write(databaseId, kind, revision, dueAt);
      if (written) return dueAt;
      if (attempt < RECOMPUTE_ATTEMPTS) continue;
      // Under constant change the moment that was noted stands: it is at worst too early. Whoever had claimed it is done.
      await this.postpone(databaseId, kind, 0);
      return dueAt;
    }
  }

  /** Leaves work that is due alone for a while. */
  async postpone(databaseId: string, kind: DueKind, seconds: number): Promise<void> {
    await this.central.pool.query(
      `UPDATE due_work SET claimed_until = now() + make_interval(secs => $3)
       WHERE tenant_database_id = $1 AND kind = $2`,
      [databaseId, kind, seconds],
    );
  }

  private async revisionOf(databaseId: string, kind: DueKind): Promise<string | null> {
    const { rows } = await this.central.pool.query<{ revision: string }>(
      'SELECT revision FROM due_work WHERE tenant_database_id = $1 AND kind = $2',
      [databaseId, kind],
    );
    return rows[0]?.revision ?? null;
  }

  private async write(
    databaseId: string,
    kind: DueKind,
    revision: string | null,
    dueAt: Date | null,
  ): Promise<boolean> {
    const { pool } = this.central;
    if (revision === null) {
      if (!dueAt) return true;
      const inserted = await pool.query(
        `INSERT INTO due_work (tenant_database_id, kind, due_at, revision) VALUES ($1, $2, $3, ${FIRST_REVISION})
         ON CONFLICT DO NOTHING`,
        [databaseId, kind, dueAt],
      );
      return inserted.rowCount === 1;
    }
    const statement = dueAt
      ? 'UPDATE due_work SET due_at = $4, claimed_until = NULL, revision = revision + 1'
      : 'DELETE FROM due_work';
    const changed = await pool.query(
      `${statement} WHERE tenant_database_id = $1 AND kind = $2 AND revision = $3`,
      dueAt ? [databaseId, kind, revision, dueAt] : [databaseId, kind, revision],
    );
    return changed.rowCount === 1;
  }
}

/**
 * When a moment of the tenant's clock comes in real time. On a clock that stands still, what is due by it is due now,
 * and what is due later does not come due until the clock is moved, which looks for itself.
 */
function inRealTime(moment: Date, clock: Clock): Date | null {
  if (clock === systemClock) return moment;
  return moment <= clock.now() ? systemClock.now() : null;
}
