import { systemClock } from '../../platform/clock/clock.js';
import type { OpenDatabase } from '../../tenancy/context/open-databases.js';

const DAYS = 90;
const DAY_MS = 86_400_000;
/** Removed in pieces, so that no lock is held for long. */
const BATCH = 5_000;

/**
 * Removes webhooks that have been kept for long enough; not those that wait for something. No provider sends one again after
 * so long, and a payment that is told of anew is asked after like any other.
 */
export async function removeOldWebhooks({ pool }: Pick<OpenDatabase, 'pool'>): Promise<void> {
  const before = new Date(systemClock.now().getTime() - DAYS * DAY_MS);
  let removed: number | null;
  do {
    ({ rowCount: removed } = await pool.query(
      `DELETE FROM provider_webhooks WHERE id IN (
         SELECT id FROM provider_webhooks WHERE received_at < $1 AND status IN ('processed', 'ignored')
         ORDER BY received_at LIMIT $2)`,
      [before, BATCH],
    ));
  } while (removed === BATCH);
}
