import { systemClock } from '../../platform/clock/clock.js';
import type { OpenDatabase } from '../../tenancy/context/open-databases.js';
import type { WebhookSecrets } from './webhook-secrets.js';

const DAY_MS = 86_400_000;
/** Removed in pieces, so that no lock is held for long. */
const BATCH = 5_000;

/**
 * Removes deliveries that have been listed for long enough, with their attempts; not those that are under way. On a test
 * clock that was moved forward they stay for as long as on the machine's.
 */
export async function removeOldDeliveries({ pool }: Pick<OpenDatabase, 'pool'>, days: number): Promise<void> {
  const before = new Date(systemClock.now().getTime() - days * DAY_MS);
  let removed: number | null;
  do {
    ({ rowCount: removed } = await pool.query(
      `DELETE FROM webhook_deliveries WHERE id IN (
         SELECT id FROM webhook_deliveries WHERE created_at < $1 AND updated_at < $1 AND status <> 'pending'
         ORDER BY created_at LIMIT $2)`,
      [before, BATCH],
    ));
  } while (removed === BATCH);
}

/** Removes secrets that sign nothing any more, and those of endpoints that were never made. */
export async function tidySecrets(
  { pool, databaseId }: Pick<OpenDatabase, 'pool' | 'databaseId'>,
  secrets: WebhookSecrets,
): Promise<void> {
  const { rows } = await pool.query<{ id: string }>('SELECT id FROM webhook_endpoints');
  const before = new Date(systemClock.now().getTime() - DAY_MS);
  await secrets.tidy(
    { databaseId },
    rows.map(({ id }) => id),
    before,
  );
}
