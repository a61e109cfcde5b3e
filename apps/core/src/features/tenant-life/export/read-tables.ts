import pg from 'pg';

import { exportedColumns } from './left-out.js';

const FETCH_ROWS = 500;

/** What rows are ordered by in a table that has no primary key, because a partitioned one would need its time in it. */
const ORDER_WITHOUT_KEY: Readonly<Record<string, readonly string[]>> = {
  usage_events: ['occurred_at', 'transaction_id'],
};

/** A table as it is exported. */
export interface ExportedTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** What its rows are ordered by, so that two exports of the same data are the same. */
  readonly primaryKey: readonly string[];
}

interface CatalogRow {
  name: string;
  columns: string[];
  primaryKey: string[] | null;
}

/** The tables of the database that are exported, by name, as its own catalog has them: whatever its version is. */
export async function readTables(client: pg.ClientBase): Promise<ExportedTable[]> {
  const { rows } = await client.query<CatalogRow>(
    `SELECT c.relname AS name,
            (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns,
            (SELECT array_agg(a.attname::text ORDER BY k.position)
               FROM pg_index i
               CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, position)
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
              WHERE i.indrelid = c.oid AND i.indisprimary) AS "primaryKey"
       FROM pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      ORDER BY c.relname`,
  );
  return rows.flatMap(({ name, columns, primaryKey }) => {
    const exported = exportedColumns(name, columns);
    return exported
      ? [{ name, columns: exported, primaryKey: primaryKey ?? ORDER_WITHOUT_KEY[name] ?? [] }]
      : [];
  });
}

/**
 * The rows of a table as JSON texts, fetched a few hundred at a time. PostgreSQL writes the JSON itself, so that a bigint
 * and a numeric are exact: what reads them has to take care not to make floats of them.
 */
export async function* readRows(client: pg.ClientBase, table: ExportedTable): AsyncGenerator<string> {
  const list = (names: readonly string[]) => names.map((name) => pg.escapeIdentifier(name)).join(', ');
  const order = table.primaryKey.length > 0 ? `ORDER BY ${list(table.primaryKey)}` : '';
  await client.query(
    `DECLARE export_rows NO SCROLL CURSOR FOR
       SELECT row_to_json(r)::text AS line
         FROM (SELECT ${list(table.columns)} FROM ${pg.escapeIdentifier(table.name)} ${order}) AS r`,
  );
  for (;;) {
    const { rows } = await client.query<{ line: string }>(`FETCH ${FETCH_ROWS} FROM export_rows`);
    for (const { line } of rows) yield line;
    if (rows.length < FETCH_ROWS) break;
  }
  await client.query('CLOSE export_rows');
}
