import pg from 'pg';

/** The history of migrations is each database's own, and is compared by `history` instead. */
const NOT_COPIED = ['_prisma_migrations'];

/** How every session writes values as text, so that two servers write the same value alike. */
const PLAIN_TEXT = `
  SET timezone = 'UTC'; SET datestyle = 'ISO, YMD'; SET intervalstyle = 'postgres'; SET extra_float_digits = 1;
  SET bytea_output = 'hex'; SET search_path = public; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
  SET client_min_messages = warning`;

/** A table, with its columns in an order that does not depend on how the database came to have them. */
export interface CopiedTable {
  readonly name: string;
  /** A partitioned table is read and written as one; which of its parts a row is in follows from the row. */
  readonly kind: 'plain' | 'partitioned';
  readonly columns: readonly string[];
}

/** What a table holds: as many rows, and a sum over what each of them says. */
export interface TableContents {
  readonly table: string;
  readonly rows: number;
  readonly checksum: string;
}

/** Lets a session read and write values as every other one that this was called for. */
export async function speakPlainly(client: pg.ClientBase): Promise<void> {
  await client.query(PLAIN_TEXT);
}

/** The tables of a tenant database whose rows make it up. */
export async function listTables(client: pg.ClientBase): Promise<CopiedTable[]> {
  const { rows } = await client.query<{ name: string; kind: CopiedTable['kind']; columns: string[] }>(
    `SELECT c.relname AS name, CASE c.relkind WHEN 'p' THEN 'partitioned' ELSE 'plain' END AS kind,
            array_agg(a.attname::text ORDER BY a.attname) AS columns
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
        AND c.relname <> ALL ($1)
        AND a.attgenerated = ''
      GROUP BY c.relname, c.relkind ORDER BY c.relname`,
    [NOT_COPIED],
  );
  return rows;
}

/** The months, as their first days, that usage has tables of its own for. */
export async function readUsageMonths(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ month: string }>(
    `SELECT replace(substring(c.relname FROM '^usage_events_([0-9]{4}_[0-9]{2})$'), '_', '-') || '-01' AS month
       FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = to_regclass('public.usage_events') AND c.relname ~ '^usage_events_[0-9]{4}_[0-9]{2}$'
      ORDER BY 1`,
  );
  return rows.map(({ month }) => month);
}

/** Makes the months' tables that are missing. */
export async function makeUsageMonths(client: pg.ClientBase, months: readonly string[]): Promise<void> {
  for (const month of months) await client.query('SELECT make_usage_month($1::date)', [month]);
}

/** The columns as COPY and SELECT name them. */
export function columnList({ columns }: CopiedTable): string {
  return columns.map((column) => pg.escapeIdentifier(column)).join(', ');
}

/**
 * Counts the rows of each table and sums them up. The sum takes 64 bits of each row's MD5, so that two tables that differ
 * in a value have another sum, in whatever order their rows lie.
 */
export async function readContents(
  client: pg.ClientBase,
  tables: readonly CopiedTable[],
): Promise<TableContents[]> {
  const contents: TableContents[] = [];
  for (const table of tables) {
    const { rows } = await client.query<{ rows: string; checksum: string }>(
      `SELECT count(*)::text AS rows,
              COALESCE(sum(('x' || left(md5(ROW(${columnList(table)})::text), 16))::bit(64)::bigint::numeric), 0)::text AS checksum
         FROM ${pg.escapeIdentifier(table.name)}`,
    );
    contents.push({
      table: table.name,
      rows: Number(rows[0]?.rows ?? 0),
      checksum: rows[0]?.checksum ?? '',
    });
  }
  return contents;
}

/** The migrations that a database has, as one text. */
export async function readHistory(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ history: string | null }>(
    `SELECT string_agg(migration_name || ' ' || checksum, E'\\n' ORDER BY migration_name) AS history
       FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  );
  return rows[0]?.history ?? '';
}

/** The tables whose contents differ, each with what is where. */
export function differences(source: readonly TableContents[], copy: readonly TableContents[]): string[] {
  const copied = new Map(copy.map((contents) => [contents.table, contents]));
  const different = source.flatMap((contents) => {
    const other = copied.get(contents.table);
    copied.delete(contents.table);
    if (!other) return [`${contents.table} is missing in the copy`];
    if (other.rows !== contents.rows) {
      return [`${contents.table} has ${contents.rows} rows and its copy ${other.rows}`];
    }
    return other.checksum === contents.checksum ? [] : [`${contents.table} has other values in its copy`];
  });
  return [...different, ...[...copied.keys()].map((table) => `${table} is only in the copy`)];
}
