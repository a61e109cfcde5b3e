import { createHash, randomBytes } from 'node:crypto';

import { type Migration, parseMigration } from '@nova/core/tenancy/migrator/load-migrations.js';
import { migrateDatabase } from '@nova/core/tenancy/migrator/migrate-database.js';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { POSTGRES_URL, query } from './provisioning-platform.js';

let name: string;
let url: string;
let client: pg.Client;

beforeEach(async () => {
  name = `nova_migrator_${randomBytes(4).toString('hex')}`;
  await query(POSTGRES_URL, `CREATE DATABASE ${name}`);
  const own = new URL(POSTGRES_URL);
  own.pathname = `/${name}`;
  url = own.href;
  client = await connect();
});

afterEach(async () => {
  await client.end().catch(() => undefined);
  await query(POSTGRES_URL, `DROP DATABASE ${name} WITH (FORCE)`);
});

async function connect(): Promise<pg.Client> {
  const opened = new pg.Client({ connectionString: url });
  opened.on('error', () => undefined);
  await opened.connect();
  return opened;
}

/** What `work` fails with, watched from the start, so that it may fail before it is waited for. */
const failureOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no failure',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

let count = 0;
function migration(title: string, sql: string): Migration {
  count += 1;
  return parseMigration(`2026010100${String(count).padStart(4, '0')}_${title}`, Buffer.from(sql));
}

const tables = async () =>
  (
    await query<{ name: string }>(
      url,
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
    )
  )
    .map((row) => row.name)
    .filter((table) => table !== '_prisma_migrations');

const history = () =>
  query<{ migration_name: string; checksum: string; finished_at: Date | null; logs: string | null }>(
    url,
    'SELECT * FROM _prisma_migrations ORDER BY started_at, migration_name',
  );

describe('the migrator', () => {
  it('applies what is pending in order, and nothing the second time', async () => {
    const first = migration('first', 'CREATE TABLE a (id int); CREATE TABLE b (id int);');
    const second = migration('second', 'ALTER TABLE b ADD COLUMN more text;');
    expect(await migrateDatabase(client, [first])).toEqual({
      applied: [first.name],
      from: null,
      to: first.name,
    });
    expect(await migrateDatabase(client, [first, second])).toEqual({
      applied: [second.name],
      from: first.name,
      to: second.name,
    });
    expect(await migrateDatabase(client, [first, second])).toEqual({
      applied: [],
      from: second.name,
      to: second.name,
    });
    expect(await tables()).toEqual(['a', 'b']);
  });

  it('keeps the history as Prisma does', async () => {
    const only = migration('only', 'CREATE TABLE a (id int); -- ünïcode');
    await migrateDatabase(client, [only]);
    const columns = await query(
      url,
      `SELECT column_name, data_type, character_maximum_length AS length, is_nullable, column_default
         FROM information_schema.columns WHERE table_name = '_prisma_migrations' ORDER BY ordinal_position`,
    );
    const text = { data_type: 'character varying', column_default: null };
    const moment = { data_type: 'timestamp with time zone', length: null, column_default: null };
    expect(columns).toEqual([
      { ...text, column_name: 'id', length: 36, is_nullable: 'NO' },
      { ...text, column_name: 'checksum', length: 64, is_nullable: 'NO' },
      { ...moment, column_name: 'finished_at', is_nullable: 'YES' },
      { ...text, column_name: 'migration_name', length: 255, is_nullable: 'NO' },
      { column_name: 'logs', data_type: 'text', length: null, is_nullable: 'YES', column_default: null },
      { ...moment, column_name: 'rolled_back_at', is_nullable: 'YES' },
      { ...moment, column_name: 'started_at', is_nullable: 'NO', column_default: 'now()' },
      {
        column_name: 'applied_steps_count',
        data_type: 'integer',
        length: null,
        is_nullable: 'NO',
        column_default: '0',
      },
    ]);
    const [row] = await query(url, 'SELECT * FROM _prisma_migrations');
    expect(row).toMatchObject({
      migration_name: only.name,
      checksum: createHash('sha256').update('CREATE TABLE a (id int); -- ünïcode').digest('hex'),
      applied_steps_count: 1,
      rolled_back_at: null,
      logs: null,
    });
    expect(row?.['finished_at']).toBeInstanceOf(Date);
  });

  it('leaves nothing behind of a migration that fails, and says which it was', async () => {
    const good = migration('good', 'CREATE TABLE a (id int);');
    const bad = migration('bad', 'CREATE TABLE b (id int); SELECT 1 / 0;');
    await expect(migrateDatabase(client, [good, bad])).rejects.toThrow(
      `The migration ${bad.name} failed: division by zero (22012)`,
    );
    expect(await tables()).toEqual(['a']);
    expect((await history()).map((row) => row.migration_name)).toEqual([good.name]);
    const mended = parseMigration(bad.name, Buffer.from('CREATE TABLE b (id int);'));
    expect((await migrateDatabase(client, [good, mended])).applied).toEqual([bad.name]);
  });

  it('leaves nothing behind when its connection dies in the middle', async () => {
    const slow = migration('slow', 'CREATE TABLE a (id int); SELECT pg_sleep(20);');
    const ended = failureOf(migrateDatabase(client, [slow]));
    await expect
      .poll(() =>
        query(POSTGRES_URL, `SELECT pid FROM pg_stat_activity WHERE datname = $1 AND query ~ 'sleep'`, [
          name,
        ]),
      )
      .toHaveLength(1);
    await query(POSTGRES_URL, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
      name,
    ]);
    expect(await ended).toContain(slow.name);
    expect(await tables()).toEqual([]);
    expect(await history()).toEqual([]);
    client = await connect();
    const quick = parseMigration(slow.name, Buffer.from('CREATE TABLE a (id int);'));
    expect((await migrateDatabase(client, [quick])).applied).toEqual([slow.name]);
  });

  it('refuses a migration that was changed after it had been applied', async () => {
    const original = migration('original', 'CREATE TABLE a (id int);');
    await migrateDatabase(client, [original]);
    const changed = parseMigration(original.name, Buffer.from('CREATE TABLE a (id bigint);'));
    const next = migration('next', 'CREATE TABLE b (id int);');
    await expect(migrateDatabase(client, [changed, next])).rejects.toThrow(
      `The migration ${original.name} was changed after it had been applied`,
    );
    expect(await tables()).toEqual(['a']);
  });

  it('leaves a database alone that a newer build has migrated', async () => {
    const known = migration('known', 'CREATE TABLE a (id int);');
    const newer = migration('newer', 'CREATE TABLE b (id int);');
    await migrateDatabase(client, [known, newer]);
    expect(await migrateDatabase(client, [known])).toEqual({ applied: [], from: newer.name, to: newer.name });
  });

  it('refuses a database whose history is another one', async () => {
    const shared = migration('shared', 'CREATE TABLE a (id int);');
    await migrateDatabase(client, [shared, migration('theirs', 'CREATE TABLE b (id int);')]);
    await expect(migrateDatabase(client, [shared, migration('ours', 'SELECT 1;')])).rejects.toThrow(
      /history is another one/,
    );
  });

  it('applies once when two migrate at once', async () => {
    const one = migration('one', 'CREATE TABLE a (id int); SELECT pg_sleep(0.2);');
    const other = await connect();
    const outcomes = await Promise.all([migrateDatabase(client, [one]), migrateDatabase(other, [one])]);
    await other.end();
    expect(outcomes.flatMap((outcome) => outcome.applied)).toEqual([one.name]);
    expect(await history()).toHaveLength(1);
  });

  it('waits for tables in use, and lets them go in between', async () => {
    await migrateDatabase(client, [migration('first', 'CREATE TABLE a (id int);')]);
    const reader = await connect();
    await reader.query('BEGIN; SELECT * FROM a');
    const migrations = [
      ...(await appliedMigrations()),
      migration('alter', 'ALTER TABLE a ADD COLUMN b int;'),
    ];
    const migrating = migrateDatabase(client, migrations, { lockTimeoutMs: 100 });
    setTimeout(() => void reader.query('COMMIT'), 500);
    expect((await migrating).applied).toHaveLength(1);
    await reader.end();
  });

  it('gives up on a table that stays in use', async () => {
    await migrateDatabase(client, [migration('first', 'CREATE TABLE a (id int);')]);
    const reader = await connect();
    await reader.query('BEGIN; SELECT * FROM a');
    const alter = migration('alter', 'ALTER TABLE a ADD COLUMN b int;');
    const migrations = [...(await appliedMigrations()), alter];
    await expect(migrateDatabase(client, migrations, { lockTimeoutMs: 50, attempts: 2 })).rejects.toThrow(
      /55P03/,
    );
    await reader.end();
    expect((await migrateDatabase(client, migrations)).applied).toEqual([alter.name]);
  });
});

/** The migrations applied so far, as the history knows them. */
async function appliedMigrations(): Promise<Migration[]> {
  return (await history()).map(({ migration_name, checksum }) => ({
    name: migration_name,
    checksum,
    statements: [],
    transactional: true,
  }));
}

describe('a migration without a transaction', () => {
  const CONCURRENTLY = [
    '-- nova:no-transaction',
    'DROP INDEX CONCURRENTLY IF EXISTS a_id;',
    '-- nova:next-statement',
    'CREATE UNIQUE INDEX CONCURRENTLY a_id ON a (id);',
    '',
  ].join('\n');

  it('runs statement by statement', async () => {
    const steps = [migration('table', 'CREATE TABLE a (id int);'), migration('index', CONCURRENTLY)];
    expect((await migrateDatabase(client, steps)).applied).toHaveLength(2);
    expect(await query(url, `SELECT FROM pg_indexes WHERE indexname = 'a_id'`)).toHaveLength(1);
    expect((await history()).every((row) => row.finished_at !== null)).toBe(true);
  });

  it('that fails is on record as Prisma would have it, and refused until it is resolved', async () => {
    const steps = [migration('table', 'CREATE TABLE a (id int); INSERT INTO a VALUES (1), (1);')];
    steps.push(migration('index', CONCURRENTLY));
    await expect(migrateDatabase(client, steps)).rejects.toThrow(/23505/);
    const [, failed] = await history();
    expect(failed).toMatchObject({ migration_name: steps[1]?.name, finished_at: null });
    expect(failed?.logs).toMatch(/could not create unique index/);

    await expect(migrateDatabase(client, steps)).rejects.toThrow(
      /begun and not finished.*could not create unique/s,
    );
    const refusal = await failureOf(migrateDatabase(client, steps));
    await query(url, 'TRUNCATE a');
    await query(url, /UPDATE _prisma_migrations .*'/.exec(refusal)?.[0] ?? '');
    expect((await migrateDatabase(client, steps)).applied).toEqual([steps[1]?.name]);
  });

  it('killed in the middle is refused as well', async () => {
    const slow = migration('slow', '-- nova:no-transaction\nSELECT pg_sleep(20);\n');
    const ended = failureOf(migrateDatabase(client, [slow]));
    await expect.poll(history).toHaveLength(1);
    await query(POSTGRES_URL, 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
      name,
    ]);
    expect(await ended).toContain(slow.name);
    client = await connect();
    await expect(migrateDatabase(client, [slow])).rejects.toThrow(/begun and not finished/);
  });
});
