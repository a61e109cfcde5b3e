import { randomBytes } from 'node:crypto';

import type pg from 'pg';

import {
  KEY_BYTES,
  openSealedText,
  readSealedText,
  type SealKey,
  sealText,
} from '../../platform/crypto/sealed-text.js';
import { newId } from '../../platform/ids/new-id.js';
import type { MasterKeys } from './master-keys.js';

/** What reads and writes central: a pool, or one connection of it. */
export type CentralQueries = pg.Pool | pg.ClientBase;

/**
 * What a data key is for. A `seal` key seals secrets and is replaced by rotations; the one `hash` key is what keyed
 * hashes and cursors derive from, and stays what it is: it is only ever wrapped anew.
 */
export type KeyPurpose = 'seal' | 'hash';

/**
 * How far a data key is: active seals; retiring is being replaced, and what it sealed is sealed anew; of a retired one
 * nothing is known to be left; a destroyed one is a memory, its bytes are gone.
 */
export type KeyState = 'active' | 'retiring' | 'retired' | 'destroyed';

/** A data key as central keeps it. */
export interface DataKeyRow {
  readonly id: string;
  readonly purpose: KeyPurpose;
  readonly wrapped: string;
  readonly master_key_id: string;
  readonly state: KeyState;
  readonly created_at: Date;
  readonly retired_at: Date | null;
}

/** A key is retired from the moment on when it is replaced; the rest of its state shows in its other columns. */
const STATE = `CASE WHEN state = 'active' THEN 'active' WHEN wrapped = '' THEN 'destroyed'
  WHEN retired_at IS NULL THEN 'retiring' ELSE 'retired' END`;

/** Every data key there is, the oldest first. */
export async function readDataKeys(central: CentralQueries): Promise<DataKeyRow[]> {
  const { rows } = await central.query<DataKeyRow>(
    `SELECT id, purpose, wrapped, master_key_id, ${STATE} AS state, created_at, retired_at
       FROM data_keys ORDER BY created_at, id`,
  );
  return rows;
}

/** A new active data key with these bytes, or random ones. */
export async function insertDataKey(
  central: CentralQueries,
  master: SealKey,
  purpose: KeyPurpose,
  bytes: Buffer = randomBytes(KEY_BYTES),
): Promise<string> {
  const id = newId('dk');
  await central.query('INSERT INTO data_keys (id, purpose, wrapped, master_key_id) VALUES ($1, $2, $3, $4)', [
    id,
    purpose,
    wrapKey({ id, purpose }, bytes, master),
    master.id,
  ]);
  return id;
}

/** Wraps a data key's bytes. They are bound to its id and purpose: put into another row they open nothing. */
export function wrapKey(key: Pick<DataKeyRow, 'id' | 'purpose'>, bytes: Buffer, master: SealKey): string {
  return sealText('w1', master, bytes, `${key.id}:${key.purpose}`);
}

/** A data key's bytes, or null when the environment does not have the master key that wraps it. */
export function unwrapKey(
  key: Pick<DataKeyRow, 'id' | 'purpose' | 'wrapped'>,
  masters: MasterKeys,
): Buffer | null {
  const sealed = readSealedText(key.wrapped);
  const master = masters.find(sealed.keyId);
  return master ? openSealedText(sealed, master, `${key.id}:${key.purpose}`) : null;
}
