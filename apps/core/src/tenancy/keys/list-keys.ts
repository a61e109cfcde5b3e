import { type CentralQueries, type DataKeyRow, readDataKeys, unwrapKey } from './data-keys.js';
import { countSealedTexts } from './key-usage.js';
import type { MasterKeys } from './master-keys.js';

/** A key as an operator sees it: never its bytes. */
export interface ListedKey {
  readonly id: string;
  readonly purpose: DataKeyRow['purpose'];
  readonly state: DataKeyRow['state'];
  readonly masterKeyId: string;
  /** Whether the environment has the master key that wraps it. */
  readonly opens: boolean;
  /** How many secrets of central it has sealed. */
  readonly texts: number;
  readonly createdAt: string;
  readonly retiredAt: string | null;
}

export interface ListedKeys {
  /** Master keys of the environment, the present one first. */
  readonly masterKeys: readonly { readonly id: string; readonly state: 'present' | 'previous' }[];
  readonly dataKeys: readonly ListedKey[];
  /** Previous master keys that nothing needs any more: they can be taken out of the environment. */
  readonly removable: readonly string[];
  /** Secrets that were sealed with a master key itself, as the first release did; a rotation seals them anew. */
  readonly unenveloped: number;
}

/** Which keys there are, what they have sealed, and which master keys are still needed. */
export async function listKeys(central: CentralQueries, masters: MasterKeys): Promise<ListedKeys> {
  const rows = await readDataKeys(central);
  const texts = await countSealedTexts(central);
  const needed = new Set(rows.filter((row) => row.state !== 'destroyed').map((row) => row.master_key_id));
  const [present, ...previous] = masters.ids;
  return {
    masterKeys: [
      ...(present ? [{ id: present, state: 'present' as const }] : []),
      ...previous.map((id) => ({ id, state: 'previous' as const })),
    ],
    dataKeys: rows.map((row) => ({
      id: row.id,
      purpose: row.purpose,
      state: row.state,
      masterKeyId: row.master_key_id,
      opens: row.state !== 'destroyed' && unwrapKey(row, masters) !== null,
      texts: texts.get(row.id) ?? 0,
      createdAt: row.created_at.toISOString(),
      retiredAt: row.retired_at?.toISOString() ?? null,
    })),
    removable: previous.filter((id) => !needed.has(id) && !texts.has(id)),
    unenveloped: masters.ids.reduce((sum, id) => sum + (texts.get(id) ?? 0), 0),
  };
}
