import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import type { Logger } from 'pino';

import { LOGGER } from '../../platform/log/log.module.js';
import { JOBS } from '../../platform/queues/catalogue.js';
import { JobQueues } from '../../platform/queues/job-queues.js';
import { Coalesced } from './coalesced.js';
import {
  giveBack,
  noteRetry,
  type OutboxState,
  readRelayed,
  removeRows,
  stateOfOutbox,
  takeFresh,
  unknownJobs,
} from './outbox-rows.js';

const KNOWN_JOBS = Object.keys(JOBS);
/** See ADR 0007. Enough to keep every worker busy while the next jobs are on their way. */
const WINDOW = { size: 40, retriesMax: 400 };
const PAGE = 50;

/** Where an outbox is; an `OpenDatabase` is such a place. */
interface OutboxPlace {
  readonly databaseId: string;
  readonly pool: pg.Pool;
}

/**
 * Keeps the jobs of committed outbox rows on the queues. A row stays until its job has come to an end, so that a queue
 * that loses its jobs loses nothing. Of each tenant database only so many jobs are on a queue at once; the others wait in
 * the outbox and follow as jobs end, so that nobody else has to wait behind them. The job's id is the row's: a relay that
 * is repeated after a crash, or runs twice at once, adds a job once.
 */
@Injectable()
export class OutboxRelay {
  private readonly passes = new Coalesced();

  constructor(
    private readonly queues: JobQueues,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Puts the rows that were committed before the call on their queues, as far as there is room for them. */
  relay({ databaseId, pool }: OutboxPlace): Promise<void> {
    return this.passes.run(databaseId, () => this.pass(pool));
  }

  /** Lets go of a job that has come to its end, and now and then puts others on the queue that waited for a place. */
  async finish(place: OutboxPlace, jobId: string): Promise<OutboxState> {
    await removeRows(place.pool, [jobId]);
    const state = await stateOfOutbox(place.pool, KNOWN_JOBS, WINDOW);
    if (state.hungry) await this.relay(place);
    return state;
  }

  /** Lets others have the place of a job that has failed and will be tried again. */
  async makeRoom(place: OutboxPlace, jobId: string): Promise<void> {
    await noteRetry(place.pool, jobId);
    await this.relay(place);
  }

  /**
   * Compares the outbox with the queues: what a queue has lost is put on it again, what has ended there is let go of, and
   * what has waited there long goes before what came after it. Then relays.
   * @returns whether no row is left
   */
  async lookAfter(place: OutboxPlace): Promise<boolean> {
    const { pool, databaseId } = place;
    for (let after = '', full = true; full;) {
      const rows = await readRelayed(pool, KNOWN_JOBS, { after, size: PAGE });
      const states = await Promise.all(
        rows.map(async (row) => ({ ...row, place: await this.queues.placeOf(row) })),
      );
      const idsAt = (wanted: string) => states.filter((row) => row.place === wanted).map(({ id }) => id);
      const [lost, ended] = [idsAt('nowhere'), idsAt('ended')];
      if (lost.length > 0) await giveBack(pool, lost);
      if (ended.length > 0) await removeRows(pool, ended);
      for (const row of states) if (row.place === 'waiting') await this.queues.bringForward(row);
      full = rows.length === PAGE;
      after = rows.at(-1)?.id ?? after;
    }
    await this.relay(place);
    const foreign = await unknownJobs(pool, KNOWN_JOBS);
    if (foreign.length > 0)
      this.log.warn({ databaseId, jobs: foreign }, 'An outbox holds jobs that this version does not know.');
    return (await stateOfOutbox(pool, KNOWN_JOBS, WINDOW)).empty;
  }

  private async pass(pool: pg.Pool): Promise<void> {
    const rows = await takeFresh(pool, KNOWN_JOBS, WINDOW);
    if (rows.length === 0) return;
    try {
      await this.queues.addAll(rows);
    } catch (error) {
      await giveBack(
        pool,
        rows.map(({ id }) => id),
      );
      throw error;
    }
  }
}
