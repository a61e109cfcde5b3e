import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../../platform/log/log.module.js';
import { DirtyMarks } from '../dirty-marks/dirty-marks.js';
import { DueWorkIndex } from '../due-work/due-work-index.js';
import { OutboxRelay } from '../outbox/outbox-relay.js';
import type { DueKind } from '../due-work/due-kinds.js';
import type { Statement, TenantTransaction } from '../tenant-context.js';
import { type Commit, CommitInDoubt, commitStatement, commitWithRetries } from './commit-with-retries.js';
import type { CommittedEffects } from './committed-effects.js';
import { type AuthoredScope, rereadClock, type WriteScope } from './open-databases.js';

/** `held_off`: an advance of the test clock is under way, which does all that itself and wants another look afterwards. */
export type Aftermath = 'done' | 'jobs_under_way' | 'held_off';

const NO_EFFECTS: CommittedEffects = { jobs: 0, due: new Map() };

/** Every write to a tenant database goes through here: mark first, commit, then relay and tell central what is due. */
@Injectable()
export class TenantWrites {
  private readonly inFlight = new Set<Promise<unknown>>();

  constructor(
    private readonly marks: DirtyMarks,
    private readonly relay: OutboxRelay,
    private readonly dueWork: DueWorkIndex,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Runs `work` in a transaction. What it causes is looked after in the background once it is committed. */
  transaction<T>(scope: AuthoredScope, work: (tx: TenantTransaction) => Promise<T>): Promise<T> {
    return this.track(this.write(scope, (renew) => commitWithRetries(scope, work, renew)));
  }

  /** Runs a statement that is a transaction by itself; `due` is what comes due with it. */
  statement(scope: WriteScope, statement: Statement, due: ReadonlyMap<DueKind, Date>): Promise<void> {
    return this.track(this.write(scope, (renew) => commitStatement(scope, statement, due, renew)));
  }

  /** Does all that writes to this database may have left behind: relays its outbox and recomputes when its work is due. */
  async lookAfter(scope: WriteScope): Promise<Aftermath> {
    const { database } = scope;
    const { databaseId, mode, timeZone, prisma } = database;
    const { advancing } = await rereadClock(scope);
    if (advancing) return 'held_off';
    const stamp = this.marks.watchStamp(databaseId);
    const empty = await this.relay.lookAfter(database);
    if (empty) this.marks.unwatch(databaseId, stamp);
    await this.dueWork.recomputeAll({ databaseId, mode, db: prisma, tenant: { timeZone } });
    return empty ? 'done' : 'jobs_under_way';
  }

  /** Resolves when no write is in flight and everything that writes have caused is relayed and noted. */
  async settled(): Promise<void> {
    while (this.inFlight.size > 0) await Promise.allSettled(this.inFlight);
  }

  private async write<T>(
    scope: WriteScope,
    commitIt: (renew: () => Promise<void>) => Promise<Commit<T>>,
  ): Promise<T> {
    const { databaseId } = scope.database;
    await this.marks.begin(databaseId);
    let effects = NO_EFFECTS;
    try {
      const commit = await commitIt(() => this.marks.renew(databaseId));
      effects = commit.effects;
      return commit.result;
    } catch (error) {
      if (!(error instanceof CommitInDoubt)) throw error;
      this.marks.owe(databaseId);
      throw error.cause;
    } finally {
      void this.track(this.afterWrite({ ...scope, database: scope.database.retain() }, effects));
    }
  }

  private async afterWrite(scope: WriteScope, effects: CommittedEffects): Promise<void> {
    const { databaseId, tenantId } = scope.database;
    const owed = this.marks.takeDebt(databaseId);
    try {
      const aftermath = await this.followUp(scope, effects, owed);
      if (aftermath === 'held_off') this.marks.owe(databaseId);
      if (aftermath === 'jobs_under_way') this.marks.watch(databaseId);
    } catch (error) {
      this.marks.owe(databaseId);
      this.log.warn(
        { err: error, tenantId, databaseId },
        'What a write has caused is left to a later write or the sweeper.',
      );
    } finally {
      this.marks.end(databaseId);
      scope.database.release();
    }
  }

  private async followUp(scope: WriteScope, effects: CommittedEffects, owed: boolean): Promise<Aftermath> {
    if (owed) return this.lookAfter(scope);
    if (effects.jobs === 0 && effects.due.size === 0) return 'done';
    const { database } = scope;
    const { clock, advancing } = await rereadClock(scope);
    if (advancing) return 'held_off';
    if (effects.due.size > 0) await this.dueWork.note(database.databaseId, clock, effects.due);
    if (effects.jobs === 0) return 'done';
    // Before the jobs are on their queue: they may have come to their end before this goes on.
    this.marks.watch(database.databaseId);
    await this.relay.relay(database);
    return 'done';
  }

  private track<T>(work: Promise<T>): Promise<T> {
    this.inFlight.add(work);
    const done = () => this.inFlight.delete(work);
    work.then(done, done);
    return work;
  }
}
