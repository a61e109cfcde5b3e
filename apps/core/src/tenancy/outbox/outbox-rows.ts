import type pg from 'pg';

import type { JobName } from '../../platform/queues/catalogue.js';

/** `available_at` of a row that was never put on its queue. */
export const NEVER_RELAYED = new Date(0);
/** `available_at` of a row whose job has failed and waits on its queue to be tried again. */
export const TRIED_AGAIN = new Date('9999-12-31T00:00:00Z');

/** A row that was taken to be put on its queue. */
export interface FreshRow {
  id: string;
  job: JobName;
  payload: unknown;
  /** How many jobs of its name this database has on the queue before it. */
  rank: number;
}

/** How many jobs of a name one tenant database may have on the queue. */
export interface Window {
  size: number;
  /** Jobs that are tried again do not count, unless there are so many that whatever they need must be away. */
  retriesMax: number;
}

/** What an outbox still holds. */
export interface OutboxState {
  /** Whether rows wait to be put on a queue where their jobs take up less than half the room by now. */
  hungry: boolean;
  empty: boolean;
}

/**
 * Takes the rows that are next for each job, as far as there is room on the queue. A row is taken once, also when two
 * processes are at it; jobs that only a newer version knows are left for a process that knows them. While the test clock
 * is moved none is taken, whoever asks: the move does them itself, each at its moment.
 */
export async function takeFresh(pool: pg.Pool, jobs: readonly string[], window: Window): Promise<FreshRow[]> {
  const { rows } = await pool.query<FreshRow>(
    `WITH room AS (
       SELECT j.job,
         (SELECT count(*) FROM outbox o
          WHERE o.job = j.job AND o.available_at > $2 AND o.available_at < $3)::int AS taken,
         (SELECT count(*) FROM (SELECT FROM outbox o WHERE o.job = j.job AND o.available_at = $3 LIMIT $5) r)::int AS retried
       FROM unnest($1::text[]) AS j (job)
     ), next AS (
       SELECT fresh.id, room.taken + row_number() OVER (PARTITION BY room.job ORDER BY fresh.id) - 1 AS rank
       FROM room CROSS JOIN LATERAL (
         SELECT o.id FROM outbox o WHERE o.job = room.job AND o.available_at = $2 AND room.retried < $5
           AND NOT EXISTS (SELECT FROM test_clock c WHERE c.lease_until > clock_timestamp())
         ORDER BY o.id LIMIT greatest(0, $4 - room.taken)
         FOR UPDATE SKIP LOCKED) fresh
     )
     UPDATE outbox o SET available_at = clock_timestamp() FROM next WHERE o.id = next.id
     RETURNING o.id, o.job, o.payload, next.rank::int AS rank`,
    [jobs, NEVER_RELAYED, TRIED_AGAIN, window.size, window.retriesMax],
  );
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Puts rows back among those that were never relayed. */
export async function giveBack(pool: pg.Pool, ids: readonly string[]): Promise<void> {
  await pool.query('UPDATE outbox SET available_at = $2 WHERE id = ANY($1)', [ids, NEVER_RELAYED]);
}

/** Notes that a job has failed and waits on its queue. */
export async function noteRetry(pool: pg.Pool, id: string): Promise<void> {
  await pool.query('UPDATE outbox SET available_at = $2 WHERE id = $1', [id, TRIED_AGAIN]);
}

/** Removes rows whose jobs have come to an end. */
export async function removeRows(pool: pg.Pool, ids: readonly string[]): Promise<void> {
  await pool.query('DELETE FROM outbox WHERE id = ANY($1)', [ids]);
}

/** What is there of jobs that this version knows. */
export async function stateOfOutbox(
  pool: pg.Pool,
  jobs: readonly string[],
  window: Window,
): Promise<OutboxState> {
  const { rows } = await pool.query<OutboxState>(
    `SELECT
       EXISTS (SELECT FROM unnest($1::text[]) AS j (job)
               WHERE EXISTS (SELECT FROM outbox o WHERE o.job = j.job AND o.available_at = $2)
                 AND (SELECT count(*) FROM outbox o
                      WHERE o.job = j.job AND o.available_at > $2 AND o.available_at < $3) < $4) AS hungry,
       NOT EXISTS (SELECT FROM outbox WHERE job = ANY($1)) AS empty`,
    [jobs, NEVER_RELAYED, TRIED_AGAIN, window.size / 2],
  );
  return rows[0] ?? { hungry: false, empty: true };
}

/** Rows that are meant to be on their queue, by id, after `after`. */
export async function readRelayed(
  pool: pg.Pool,
  jobs: readonly string[],
  page: { after: string; size: number },
): Promise<{ id: string; job: JobName }[]> {
  const { rows } = await pool.query<{ id: string; job: JobName }>(
    'SELECT id, job FROM outbox WHERE job = ANY($1) AND available_at > $2 AND id > $3 ORDER BY id LIMIT $4',
    [jobs, NEVER_RELAYED, page.after, page.size],
  );
  return rows;
}

/** Names of jobs that lie here and that this version does not know. */
export async function unknownJobs(pool: pg.Pool, jobs: readonly string[]): Promise<string[]> {
  const { rows } = await pool.query<{ job: string }>(
    'SELECT DISTINCT job FROM (SELECT job FROM outbox WHERE NOT job = ANY($1) LIMIT 100) AS unknown',
    [jobs],
  );
  return rows.map(({ job }) => job);
}
