import { SealedTextError } from '../../platform/crypto/sealed-text.js';
import type { CentralQueries } from './data-keys.js';
import type { KeyRing } from './key-ring.js';
import { SEALED_COLUMNS, type SealedColumn } from './sealed-columns.js';

const BATCH = 200;
/** Texts that others write meanwhile with a key they had in memory are met by the next pass. */
const PASSES_MAX = 5;

/** A text that its key does not open, or whose key is not to be had: it stays as it is. */
export interface UnopenedText {
  readonly table: string;
  readonly row: string;
  readonly reason: string;
}

export interface Resealed {
  readonly texts: number;
  readonly unopened: readonly UnopenedText[];
}

interface StaleRow {
  readonly key: string[];
  readonly aad: string;
  readonly sealed: string;
}

/**
 * Seals every text anew that the active key has not sealed, a batch at a time, while the platform runs: a text that
 * somebody has written meanwhile is left to the next pass. Stopped anywhere, it goes on where it was when called again.
 */
export async function resealColumns(
  central: CentralQueries,
  ring: KeyRing,
  onProgress: (texts: number) => void = () => undefined,
): Promise<Resealed> {
  let texts = 0;
  const unopened: UnopenedText[] = [];
  for (const column of SEALED_COLUMNS) {
    const note = (more: number) => onProgress((texts += more));
    unopened.push(...(await resealColumn(central, ring, column, note)));
  }
  return { texts, unopened };
}

async function resealColumn(
  central: CentralQueries,
  ring: KeyRing,
  column: SealedColumn,
  note: (texts: number) => void,
): Promise<UnopenedText[]> {
  for (let pass = 1; ; pass++) {
    const unopened: UnopenedText[] = [];
    let overtaken = 0;
    let after: string[] | null = null;
    for (;;) {
      const rows: StaleRow[] = await staleRows(central, ring.activeKeyId, column, after);
      const last = rows.at(-1);
      if (!last) break;
      after = last.key;
      const opened = await openAll(ring, column, rows, unopened);
      const written = await replace(central, column, opened);
      overtaken += opened.length - written;
      note(written);
    }
    if (overtaken === 0 || pass === PASSES_MAX) return unopened;
  }
}

async function staleRows(
  central: CentralQueries,
  activeKeyId: string,
  { table, column, key, aad }: SealedColumn,
  after: readonly string[] | null,
): Promise<StaleRow[]> {
  const columns = key.join(', ');
  const onwards = after ? `AND (${columns}) > (${key.map((_, at) => `$${at + 2}`).join(', ')})` : '';
  const { rows } = await central.query<StaleRow>(
    `SELECT ARRAY[${columns}] AS key, ${aad} AS aad, ${column} AS sealed FROM ${table}
      WHERE ${column} IS NOT NULL AND NOT starts_with(${column}, $1) ${onwards}
      ORDER BY ${columns} LIMIT ${BATCH}`,
    [`v2.${activeKeyId}.`, ...(after ?? [])],
  );
  return rows;
}

async function openAll(
  ring: KeyRing,
  { table }: SealedColumn,
  rows: readonly StaleRow[],
  unopened: UnopenedText[],
): Promise<(StaleRow & { fresh: string })[]> {
  const opened: (StaleRow & { fresh: string })[] = [];
  for (const row of rows) {
    try {
      opened.push({ ...row, fresh: await ring.seal(await ring.open(row.sealed, row.aad), row.aad) });
    } catch (error) {
      if (!(error instanceof SealedTextError)) throw error;
      unopened.push({ table, row: row.key.join(' '), reason: error.message });
    }
  }
  return opened;
}

/** Writes the new texts in place of the old ones, where those still stand. Answers how many did. */
async function replace(
  central: CentralQueries,
  { table, column, key }: SealedColumn,
  rows: readonly (StaleRow & { fresh: string })[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const lists = [...key.map((_, at) => rows.map((row) => row.key[at])), rows.map((row) => row.sealed)];
  const names = [...key.map((_, at) => `key_${at}`), 'sealed', 'fresh'];
  const { rowCount } = await central.query(
    `UPDATE ${table} SET ${column} = given.fresh
       FROM unnest(${names.map((_, at) => `$${at + 1}::text[]`).join(', ')}) AS given (${names.join(', ')})
      WHERE ${key.map((name, at) => `${table}.${name} = given.key_${at}`).join(' AND ')}
        AND ${table}.${column} = given.sealed`,
    [...lists, rows.map((row) => row.fresh)],
  );
  return rowCount ?? 0;
}
