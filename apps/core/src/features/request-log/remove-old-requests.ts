import { systemClock } from '../../platform/clock/clock.js';
import type { OpenDatabase } from '../../tenancy/context/open-databases.js';

const DAY_MS = 86_400_000;
/** Removed in pieces, so that no lock is held for long. */
const BATCH = 10_000;

/** Removes the requests that have been listed for long enough. */
export async function removeOldRequests({ pool }: Pick<OpenDatabase, 'pool'>, days: number): Promise<void> {
  const before = new Date(systemClock.now().getTime() - days * DAY_MS);
  let removed: number | null;
  do {
    ({ rowCount: removed } = await pool.query(
      `DELETE FROM request_log WHERE id IN (
         SELECT id FROM request_log WHERE created_at < $1 ORDER BY created_at, id LIMIT $2)`,
      [before, BATCH],
    ));
  } while (removed === BATCH);
}
