import { randomUUID } from 'node:crypto';

import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';

import { unavailable } from '../../platform/errors/common-errors.js';
import { LOGGER } from '../../platform/log/log.module.js';
import { CentralDatabase } from '../central/central-database.js';

/** How long a mark says that its process may be writing. */
export const MARK_LEASE_SECONDS = 45;
/** A mark younger than this is believed without asking central. */
const RENEW_AFTER_MS = 20_000;
/** A mark is kept for a while after the last write, so that the next one finds it. */
const LINGER_MS = 5_000;
/** Longer than a write with all its waiting may take. One that goes on beyond it hangs, and keeps no sweeper away. */
const WRITE_MAX_MS = 60_000;
/** How often jobs that writes have caused are looked after while writes go on and the mark does not expire. */
const WATCH_INTERVAL_MS = 20_000;

interface Mark {
  /** When the lease was asked for, on the monotonic clock. */
  takenAt: number;
  /** Writes in flight, and what has to follow them. */
  busy: number;
  /** When the latest write began. */
  begunAt: number;
  /** Whether something is left behind that the next write's end, or else the sweeper, has to look after. */
  owed: boolean;
  /** Jobs that writes have caused are under way: the mark is not dropped, and expires unless they end before. */
  watched: { stamp: number; lookedAt: number } | null;
  usedAt: number;
  taking: Promise<void> | null;
  dropping: Promise<void> | null;
}

/**
 * This process's leases on the tenant databases it writes to, kept in central. A lease is taken before the first
 * write, renewed every 20 s of writing, and dropped when nothing is left to do. One that expires is a database to
 * look after: its process died, or could not finish what its writes caused, or their jobs have not ended yet.
 */
@Injectable()
export class DirtyMarks implements OnModuleInit {
  readonly processId = randomUUID();
  private readonly marks = new Map<string, Mark>();
  private timer: NodeJS.Timeout | null = null;
  private stamps = 0;

  constructor(
    private readonly central: CentralDatabase,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => {
      void this.dropFinished(performance.now() - LINGER_MS);
      void this.renewBusy();
    }, LINGER_MS / 2).unref();
  }

  /** Before a write. Returns when central knows of it; `end` is to be called once for each call that returned. */
  async begin(databaseId: string): Promise<void> {
    const mark = this.markOf(databaseId);
    // Counted before the first await, so that the mark is not dropped meanwhile.
    mark.busy++;
    mark.begunAt = performance.now();
    try {
      await this.renew(databaseId);
    } catch (error) {
      mark.busy--;
      throw unavailable('The platform cannot take writes at the moment.', { cause: error });
    }
  }

  /** Within a write that begins anew: asks central again only when the lease is old enough. */
  async renew(databaseId: string): Promise<void> {
    const mark = this.markOf(databaseId);
    if (performance.now() - mark.takenAt < RENEW_AFTER_MS) return;
    mark.taking ??= this.take(databaseId, mark).finally(() => {
      mark.taking = null;
    });
    await mark.taking;
  }

  /** After a write and all that follows it. */
  end(databaseId: string): void {
    const mark = this.markOf(databaseId);
    mark.busy--;
    mark.usedAt = performance.now();
  }

  /** Says that a write has left something behind: the mark will not be dropped before that is done. */
  owe(databaseId: string): void {
    this.markOf(databaseId).owed = true;
  }

  /** Whether something was left behind. Whoever asks takes it over, and says `owe` again if it cannot be done. */
  takeDebt(databaseId: string): boolean {
    const mark = this.markOf(databaseId);
    const overdue = mark.watched !== null && performance.now() - mark.watched.lookedAt > WATCH_INTERVAL_MS;
    const owed = mark.owed || overdue;
    mark.owed = false;
    if (overdue) mark.watched = null;
    return owed;
  }

  /** Says that jobs are under way, which have to come to their end before the mark is dropped. */
  watch(databaseId: string): void {
    const mark = this.markOf(databaseId);
    mark.watched = { stamp: ++this.stamps, lookedAt: mark.watched?.lookedAt ?? performance.now() };
  }

  /** What to give to `unwatch`, asked for before looking whether any job is left; null when there is nothing to unwatch. */
  watchStamp(databaseId: string): number | null {
    return this.marks.get(databaseId)?.watched?.stamp ?? null;
  }

  /** Says that no job is left, unless others have come since the stamp was given. */
  unwatch(databaseId: string, stamp: number | null): void {
    const mark = this.marks.get(databaseId);
    if (mark?.watched && mark.watched.stamp === stamp) mark.watched = null;
  }

  /** Drops every mark that has nothing left to do. One that has is left to expire. */
  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.dropFinished(performance.now());
  }

  private markOf(databaseId: string): Mark {
    let mark = this.marks.get(databaseId);
    if (!mark) {
      mark = {
        takenAt: -Infinity,
        busy: 0,
        begunAt: -Infinity,
        owed: false,
        watched: null,
        usedAt: performance.now(),
        taking: null,
        dropping: null,
      };
      this.marks.set(databaseId, mark);
    }
    return mark;
  }

  private async take(databaseId: string, mark: Mark): Promise<void> {
    // A drop under way would remove the lease that is taken here.
    await mark.dropping;
    const askedAt = performance.now();
    await this.central.pool.query(
      `INSERT INTO dirty_marks (tenant_database_id, process_id, lease_until)
       VALUES ($1, $2, now() + make_interval(secs => $3))
       ON CONFLICT (tenant_database_id, process_id) DO UPDATE SET lease_until = excluded.lease_until`,
      [databaseId, this.processId, MARK_LEASE_SECONDS],
    );
    mark.takenAt = askedAt;
  }

  /** A write may begin when the lease is old and take longer than what is left of it: the lease must outlast the commit. */
  private async renewBusy(): Promise<void> {
    const hangsIfBegunBefore = performance.now() - WRITE_MAX_MS;
    const busy = [...this.marks].filter(([, mark]) => mark.busy > 0 && mark.begunAt > hangsIfBegunBefore);
    const outcomes = await Promise.allSettled(busy.map(([databaseId]) => this.renew(databaseId)));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) this.log.warn({ err: failed.reason as unknown }, 'Dirty marks in use could not be renewed.');
  }

  /** Drops the marks that were last used before `usedBefore` and have nothing left to do, in one statement. */
  private async dropFinished(usedBefore: number): Promise<void> {
    const expiredBefore = performance.now() - MARK_LEASE_SECONDS * 1_000;
    const finished: string[] = [];
    for (const [databaseId, mark] of this.marks) {
      if (mark.busy > 0 || mark.taking || mark.dropping || mark.usedAt > usedBefore) continue;
      if (mark.takenAt < expiredBefore) this.marks.delete(databaseId);
      else if (!mark.owed && !mark.watched) finished.push(databaseId);
    }
    if (finished.length === 0) return;
    const dropping = this.drop(finished);
    for (const databaseId of finished) {
      const mark = this.markOf(databaseId);
      mark.takenAt = -Infinity;
      mark.dropping = dropping.finally(() => {
        mark.dropping = null;
      });
    }
    await dropping;
  }

  private async drop(databaseIds: readonly string[]): Promise<void> {
    try {
      await this.central.pool.query(
        'DELETE FROM dirty_marks WHERE process_id = $1 AND tenant_database_id = ANY($2)',
        [this.processId, databaseIds],
      );
    } catch (error) {
      // It expires, and the sweeper finds nothing to do.
      this.log.warn({ err: error }, 'Dirty marks could not be dropped.');
    }
  }
}
