import type pg from 'pg';

import { announceOn } from '../central/changes.js';
import { type DataKeyRow, insertDataKey, readDataKeys, unwrapKey, wrapKey } from './data-keys.js';
import { KeyRingError } from './key-ring-error.js';
import type { MasterKeys } from './master-keys.js';

/** What a rotation has begun with. */
export interface BegunRotation {
  /** It goes on with one that was interrupted. */
  readonly resumed: boolean;
  /** How many data keys were wrapped anew because another master key wrapped them. */
  readonly rewrapped: number;
}

/**
 * Wraps every data key with the present master key and makes a new one that seals, unless an interrupted rotation has
 * made it already. All of it is one transaction: after a crash there is either nothing of it or all.
 * @throws KeyRingError when a data key cannot be opened: what it has sealed would be lost
 */
export async function beginRotation(central: pg.ClientBase, masters: MasterKeys): Promise<BegunRotation> {
  await central.query('BEGIN');
  try {
    const keys = (await readDataKeys(central)).filter((key) => key.state !== 'destroyed');
    if (keys.length === 0) throw KeyRingError.noKeys();
    const rewrapped = await rewrap(central, keys, masters);
    const resumed = keys.some((key) => key.state === 'retiring');
    if (!resumed) {
      await central.query(
        `UPDATE data_keys SET state = 'retired' WHERE purpose = 'seal' AND state = 'active'`,
      );
      await insertDataKey(central, masters.present, 'seal');
    }
    await announceOn(central, { kind: 'keys' });
    await central.query('COMMIT');
    return { resumed, rewrapped };
  } catch (error) {
    await central.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function rewrap(
  central: pg.ClientBase,
  keys: readonly DataKeyRow[],
  masters: MasterKeys,
): Promise<number> {
  const opened = keys.map((key) => ({ key, bytes: unwrapKey(key, masters) }));
  const closed = opened.filter(({ bytes }) => bytes === null).map(({ key }) => key.master_key_id);
  if (closed.length > 0) throw KeyRingError.wrongMaster(closed, masters.ids);
  let rewrapped = 0;
  for (const { key, bytes } of opened) {
    if (!bytes || key.master_key_id === masters.present.id) continue;
    await central.query('UPDATE data_keys SET wrapped = $2, master_key_id = $3 WHERE id = $1', [
      key.id,
      wrapKey(key, bytes, masters.present),
      masters.present.id,
    ]);
    rewrapped += 1;
  }
  return rewrapped;
}
