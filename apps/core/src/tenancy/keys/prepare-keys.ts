import type pg from 'pg';

import type { Config } from '../../platform/config/config.schema.js';
import { type CentralQueries, insertDataKey, readDataKeys } from './data-keys.js';
import { type KeyRing, openKeyRing } from './key-ring.js';
import { MasterKeys } from './master-keys.js';

/**
 * Makes the installation's data keys when it has none, and opens them. One whose hashes and secrets were made from
 * ENCRYPTION_KEY itself keeps those bytes as its hash key, so that API keys, sessions and invitations stay valid. The
 * caller holds the lock that makes processes take turns.
 * @throws KeyRingError when the environment's master key opens none of them
 */
export async function prepareKeys(
  central: pg.ClientBase,
  config: Pick<Config, 'encryptionKey' | 'encryptionKeysPrevious'>,
): Promise<KeyRing> {
  if ((await readDataKeys(central)).length === 0) await makeKeys(central, new MasterKeys(config));
  return openKeyRing(central, config);
}

async function makeKeys(central: pg.ClientBase, masters: MasterKeys): Promise<void> {
  const inherited = await inheritedHashKey(central, masters);
  await central.query('BEGIN');
  try {
    if (inherited) await insertDataKey(central, masters.present, 'hash', inherited);
    else await insertDataKey(central, masters.present, 'hash');
    await insertDataKey(central, masters.present, 'seal');
    await central.query('COMMIT');
  } catch (error) {
    await central.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** The master key that hashes were made from before there were data keys, or null when there are no hashes. */
async function inheritedHashKey(central: CentralQueries, masters: MasterKeys): Promise<Buffer | null> {
  const { rows } = await central.query<{ hashes: boolean; key_id: string | null }>(
    `SELECT EXISTS (SELECT FROM api_keys) OR EXISTS (SELECT FROM sessions) OR EXISTS (SELECT FROM invitations) AS hashes,
            (SELECT split_part(admin_url_sealed, '.', 2) FROM database_servers
              WHERE admin_url_sealed LIKE 'v1.%' ORDER BY created_at DESC LIMIT 1) AS key_id`,
  );
  const [found] = rows;
  if (found?.hashes !== true) return null;
  // The key may have become a previous one since; what the first release has sealed says which it was.
  return (found.key_id === null ? null : masters.find(found.key_id)) ?? masters.present.bytes;
}
