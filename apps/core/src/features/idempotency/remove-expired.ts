import type pg from 'pg';

import { REMOVE_EXPIRED_SQL } from './record-queries.js';

const BATCH = 5_000;

/** Removes the records of a database whose time is over; until then they are passed over. Answers how many. */
export async function removeExpiredRecords(pool: Pick<pg.Pool, 'query'>): Promise<number> {
  let removed = 0;
  for (;;) {
    const { rowCount } = await pool.query(REMOVE_EXPIRED_SQL, [BATCH]);
    removed += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) return removed;
  }
}
