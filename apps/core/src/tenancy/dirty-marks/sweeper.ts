import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../../platform/log/log.module.js';
import { Repeater } from '../../platform/timers/repeater.js';
import { within } from '../../platform/timers/within.js';
import { OpenDatabases } from '../context/open-databases.js';
import { TenantWrites } from '../context/tenant-writes.js';
import { type DatabaseSnapshot, TenantDirectory } from '../directory/tenant-directory.js';
import { DailyTasks } from './daily-tasks.js';
import { type ExpiredMark, ExpiredMarks } from './expired-marks.js';

const SWEEP_INTERVAL_MS = 5_000;
const REPAIR_INTERVAL_MS = 30_000;
/** How many databases one process looks after at a time. */
const AT_ONCE = 8;
/** A visit that takes longer is given up: its database hangs, and others wait for its place. */
const VISIT_LIMIT_MS = 15_000;
/** A database that could not be visited is left alone for so long, and twice as long each time. */
const FIRST_PAUSE_SECONDS = 15;
const PAUSE_MAX_SECONDS = 600;

/**
 * Looks after databases whose mark has expired: the process that wrote to them died, or could not finish what its
 * writes caused. And once a day, spread over the day, after every database, so that nothing is lost for good.
 */
@Injectable()
export class Sweeper {
  private readonly sweeps: Repeater;
  private readonly repairs: Repeater;
  private readonly visits = new Set<Promise<void>>();
  /** How often a database could not be visited, since the last time that it could. */
  private readonly failures = new Map<string, number>();
  private stopping = false;

  constructor(
    private readonly marks: ExpiredMarks,
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
    this.stopping = true;
    await Promise.all([this.sweeps.stop(), this.repairs.stop()]);
  }

  /**
   * Looks after every database whose mark has expired and that no other sweeper is at, so many at a time. As one is done
   * the next is begun, whatever the others wait for. Resolves when all have been visited or given up.
   */
  async sweep(): Promise<void> {
    for (;;) {
      const claimed = this.stopping ? [] : await this.marks.claim(AT_ONCE - this.visits.size);
      for (const mark of claimed) this.begin(mark);
      if (this.visits.size === 0) return;
      await Promise.race(this.visits);
    }
  }

  /** Has the databases visited whose minute of the day it is. */
  markForDailyRepair(): Promise<void> {
    return this.marks.addDaily();
  }

  private begin(mark: ExpiredMark): void {
    const visit = this.visit(mark).finally(() => this.visits.delete(visit));
    this.visits.add(visit);
  }

  private async visit(mark: ExpiredMark): Promise<void> {
    const { tenantId, databaseId } = mark;
    try {
      await within(VISIT_LIMIT_MS, this.lookAfter(mark));
      this.failures.delete(databaseId);
    } catch (error) {
      const failures = (this.failures.get(databaseId) ?? 0) + 1;
      this.failures.set(databaseId, failures);
      const seconds = Math.min(PAUSE_MAX_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (failures - 1));
      const fields = { err: error, tenantId, databaseId, failures, seconds };
      this.log.warn(fields, 'A database with an expired mark could not be looked after.');
      // When central is away too, the claim runs out instead.
      await this.marks.postpone(mark, seconds).catch(() => undefined);
    }
  }

  private async lookAfter(mark: ExpiredMark): Promise<void> {
    const snapshot = await this.snapshotOf(mark);
    // A database that was retired has nothing left to look after.
    const done = snapshot === null || (await this.repair(snapshot, mark));
    if (done) await this.marks.drop(mark);
  }

  private async repair(snapshot: DatabaseSnapshot, mark: ExpiredMark): Promise<boolean> {
    const database = await this.databases.open(snapshot);
    try {
      const aftermath = await this.writes.lookAfter({ database, clock: database.clock });
      if (!this.marks.isDaily(mark)) return aftermath === 'done';
      if (aftermath === 'held_off') return false;
      if (aftermath === 'jobs_under_way') await this.marks.keepWatch(mark.databaseId);
      await this.dailyTasks.run(database);
      return true;
    } finally {
      database.release();
    }
  }

  private async snapshotOf({ tenantId, databaseId }: ExpiredMark): Promise<DatabaseSnapshot | null> {
    const tenant = await this.directory.fresh(tenantId);
    return tenant?.databases.find((database) => database.id === databaseId) ?? null;
  }
}
