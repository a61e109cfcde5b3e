import type { CentralQueries } from './data-keys.js';
import { countSealedTexts } from './key-usage.js';

/**
 * How long a retired key is kept although nothing is known that it has sealed. A process seals with a key for at most
 * some seconds after it was replaced, but what it has sealed may still be on its way into the database.
 */
const KEPT_FOR_SECONDS = 3_600;

/** Notes that nothing is left of what the keys have sealed that a rotation replaces. Answers their ids. */
export async function retireKeys(central: CentralQueries): Promise<string[]> {
  const { rows } = await central.query<{ id: string }>(
    `UPDATE data_keys SET retired_at = now() WHERE state = 'retired' AND retired_at IS NULL RETURNING id`,
  );
  return rows.map((row) => row.id);
}

/** Removes the bytes of keys that were retired some time ago and have sealed nothing that is left. Answers their ids. */
export async function destroyRetiredKeys(
  central: CentralQueries,
  keptForSeconds: number = KEPT_FOR_SECONDS,
): Promise<string[]> {
  const counts = await countSealedTexts(central);
  const { rows } = await central.query<{ id: string }>(
    `UPDATE data_keys SET wrapped = ''
      WHERE state = 'retired' AND wrapped <> '' AND retired_at <= now() - make_interval(secs => $1) AND id <> ALL($2) RETURNING id`,
    [keptForSeconds, [...counts.keys()]],
  );
  return rows.map((row) => row.id);
}
