import { pipeline } from 'node:stream/promises';

import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

import { columnList, type CopiedTable } from './table-contents.js';

interface ForeignKey {
  table: string;
  name: string;
  definition: string;
}

/**
 * Copies the rows of all tables from one database to another that has the same schema, in place of what is there. One
 * transaction of the target: whoever is interrupted has copied nothing. Foreign keys are taken off meanwhile and put back
 * at the end, which checks them all, and triggers stay silent, so that no rule about changes meets rows that only arrive.
 * Both are connections of the owner.
 */
export async function copyTables(
  source: pg.Client,
  target: pg.Client,
  tables: readonly CopiedTable[],
): Promise<void> {
  await target.query('BEGIN');
  try {
    const keys = await foreignKeysOf(target);
    for (const { table, name } of keys)
      await alter(target, table, `DROP CONSTRAINT ${pg.escapeIdentifier(name)}`);
    for (const { name } of tables) await alter(target, name, 'DISABLE TRIGGER USER');
    await target.query(`TRUNCATE ${tables.map(({ name }) => pg.escapeIdentifier(name)).join(', ')}`);
    for (const table of tables) await copyTable(source, target, table);
    await copySequences(source, target);
    for (const { name } of tables) await alter(target, name, 'ENABLE TRIGGER USER');
    for (const { table, name, definition } of keys) {
      await alter(target, table, `ADD CONSTRAINT ${pg.escapeIdentifier(name)} ${definition}`);
    }
    await target.query('COMMIT');
  } catch (error) {
    await target.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function copyTable(source: pg.Client, target: pg.Client, table: CopiedTable): Promise<void> {
  const what = `${pg.escapeIdentifier(table.name)} (${columnList(table)})`;
  const { kind, name } = table;
  // PostgreSQL copies rows into a partitioned table, but out of one only by a query.
  const from = kind === 'plain' ? what : `(SELECT ${columnList(table)} FROM ${pg.escapeIdentifier(name)})`;
  const rows = source.query(copyTo(`COPY ${from} TO STDOUT`));
  const copy = target.query(copyFrom(`COPY ${what} FROM STDIN`));
  await pipeline(rows, copy);
}

async function copySequences(source: pg.Client, target: pg.Client): Promise<void> {
  const { rows } = await source.query<{ name: string; last: string; called: boolean }>(
    `SELECT format('%I', sequencename) AS name, COALESCE(last_value, start_value)::text AS last,
            last_value IS NOT NULL AS called
       FROM pg_sequences WHERE schemaname = 'public'`,
  );
  for (const { name, last, called } of rows) {
    await target.query('SELECT setval($1::regclass, $2::bigint, $3)', [name, last, called]);
  }
}

async function foreignKeysOf(client: pg.ClientBase): Promise<ForeignKey[]> {
  const { rows } = await client.query<ForeignKey>(
    `SELECT c.conrelid::regclass::text AS table, c.conname AS name, pg_get_constraintdef(c.oid) AS definition
       FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
      ORDER BY c.conrelid, c.conname`,
  );
  return rows;
}

/** `table` is a name as the catalog quotes it, or a plain one of ours, which need no quotes. */
async function alter(client: pg.ClientBase, table: string, change: string): Promise<void> {
  await client.query(`ALTER TABLE ${table} ${change}`);
}
