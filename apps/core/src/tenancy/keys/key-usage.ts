import type { CentralQueries } from './data-keys.js';
import { SEALED_COLUMNS } from './sealed-columns.js';

/** How many texts of central each key has sealed, by the key's id: a data key's, or a master key's of the first release. */
export async function countSealedTexts(central: CentralQueries): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { table, column } of SEALED_COLUMNS) {
    const { rows } = await central.query<{ key_id: string; texts: string }>(
      `SELECT split_part(${column}, '.', 2) AS key_id, count(*) AS texts FROM ${table}
        WHERE ${column} IS NOT NULL GROUP BY 1`,
    );
    for (const row of rows) counts.set(row.key_id, (counts.get(row.key_id) ?? 0) + Number(row.texts));
  }
  return counts;
}
