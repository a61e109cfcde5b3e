import { Injectable } from '@nestjs/common';

import { JOBS, type JobName } from '../../platform/queues/catalogue.js';
import { JobQueues } from '../../platform/queues/job-queues.js';
import type { OpenDatabase } from '../context/open-databases.js';
import { Coalesced } from './coalesced.js';

const BATCH = 200;
const KNOWN_JOBS = Object.keys(JOBS);

interface OutboxRow {
  id: string;
  job: JobName;
  payload: unknown;
}

/**
 * Moves committed outbox rows to the queues. A row is deleted once its job is on the queue, and the job's id is the
 * row's: a relay that is repeated after a crash, or runs twice at once, adds a job once.
 */
@Injectable()
export class OutboxRelay {
  private readonly passes = new Coalesced();

  constructor(private readonly queues: JobQueues) {}

  /** Relays every row that was committed before the call. */
  relay(database: OpenDatabase): Promise<void> {
    return this.passes.run(database.databaseId, () => this.pass(database));
  }

  private async pass({ pool }: OpenDatabase): Promise<void> {
    let relayed: number;
    do {
      // Jobs that only a newer version knows are left for a process that knows them.
      const { rows } = await pool.query<OutboxRow>(
        'SELECT id, job, payload FROM outbox WHERE job = ANY($1) ORDER BY id LIMIT $2',
        [KNOWN_JOBS, BATCH],
      );
      relayed = rows.length;
      if (relayed === 0) return;
      await this.queues.addAll(rows);
      await pool.query('DELETE FROM outbox WHERE id = ANY($1)', [rows.map((row) => row.id)]);
    } while (relayed === BATCH);
  }
}
