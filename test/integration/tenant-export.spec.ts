import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { SILENTLY } from '@nova/core/features/tenant-life/life-deps.js';
import { exportTenant } from '@nova/core/features/tenant-life/export/export-tenant.js';
import type { Manifest } from '@nova/core/features/tenant-life/export/export-database.js';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { buildBillingWorld } from '../support/billing-world.js';
import { expectStatus } from '../support/api.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';
import { LifeBench } from '../support/tenant-life.js';

/** More than a reader that makes floats of numbers could tell apart. */
const HUGE = '9007199254740993';

let nova: Nova;
let bench: LifeBench;
let tenant: TestTenant;
let parent: string;
let folder: string;
let manifest: Manifest;
let sql: pg.Client;

beforeAll(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'nova-export-'));
  nova = await startNova({ env: { REQUEST_LOG_DAYS: '0' } });
  bench = new LifeBench(nova);
  tenant = await nova.tenant();
  await buildBillingWorld(tenant.api, 'export');
  expectStatus(await tenant.api.post('/customers', { name: 'Ọlá & "Sons" \\ {', currency: 'NGN' }), 201);
  await nova.settle();
  sql = await connect();
  await sql.query(
    `UPDATE invoice_lines SET amount = $1 WHERE invoice_id = (SELECT id FROM invoices WHERE status = 'draft')`,
    [HUGE],
  );
  // More than one fetch of the cursor.
  await sql.query(
    `INSERT INTO customers (id, name, created_at, updated_at)
     SELECT 'cus_' || lpad(n::text, 26, '0'), 'Customer ' || n, now(), now() FROM generate_series(1, 1200) AS n`,
  );
  folder = (await run())[0]?.folder ?? '';
  manifest = JSON.parse(await text('manifest.json')) as Manifest;
});
afterAll(async () => {
  await sql.end();
  await nova.stop();
  await rm(parent, { recursive: true });
});

const run = (options: { pdfs?: 'with' | 'without'; folder?: string } = {}) =>
  exportTenant(
    bench.deps,
    bench.caller(tenant.tenantId),
    { modes: ['test', 'live'], folder: parent, pdfs: 'with', ...options },
    SILENTLY,
  );

async function connect(): Promise<pg.Client> {
  const { databaseName } = await bench.databaseOf(tenant.tenantId);
  const url = new URL(nova.config.internalPostgresUrl);
  url.pathname = `/${databaseName}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  return client;
}

const text = (file: string) => readFile(path.join(folder, file), 'utf8');
const lines = async (file: string) => (await text(file)).split('\n').filter(Boolean);

describe('an export', () => {
  it('has a manifest that is true of every file', async () => {
    expect(manifest).toMatchObject({ format: 1, mode: 'test', tenant: { id: tenant.tenantId } });
    const { schemaVersion } = await bench.databaseOf(tenant.tenantId);
    expect(manifest.schemaVersion).toBe(schemaVersion);
    for (const { file, bytes, sha256, rows } of manifest.files) {
      const content = await readFile(path.join(folder, file));
      expect([file, content.length]).toEqual([file, bytes]);
      expect([file, createHash('sha256').update(content).digest('hex')]).toEqual([file, sha256]);
      if (file.endsWith('.ndjson')) expect([file, (await lines(file)).length]).toEqual([file, rows]);
    }
    expect(await readdir(parent)).toEqual([path.basename(folder)]);
  });

  it('has every table with all of its rows, but for what it says that it leaves out', async () => {
    const { rows } = await sql.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1`,
    );
    const leftOut = manifest.leftOut.filter(({ columns }) => columns === null).map(({ table }) => table);
    const tables = rows.map(({ name }) => name).filter((name) => !leftOut.includes(name));
    expect(manifest.files.map(({ file }) => file).filter((file) => file.startsWith('tables/'))).toEqual(
      tables.map((name) => `tables/${name}.ndjson`),
    );
    for (const name of tables) {
      const counted = await sql.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${name}`);
      const file = manifest.files.find((item) => item.file === `tables/${name}.ndjson`);
      expect([name, file?.rows]).toEqual([name, counted.rows[0]?.n]);
    }
  });

  it('has every amount to the last digit, and every row as PostgreSQL has it', async () => {
    const exported = await lines('tables/invoice_lines.ndjson');
    expect(exported.some((line) => line.includes(`"amount":${HUGE},`))).toBe(true);
    const { rows } = await sql.query<{ sum: string; same: number }>(
      `SELECT sum((line::jsonb ->> 'amount')::numeric)::text AS sum,
              (SELECT count(*)::int FROM invoice_lines l JOIN unnest($1::text[]) AS e (line)
                 ON to_jsonb(l) = e.line::jsonb) AS same
         FROM unnest($1::text[]) AS line`,
      [exported],
    );
    const truth = await sql.query<{ sum: string }>('SELECT sum(amount)::text AS sum FROM invoice_lines');
    expect(rows[0]).toEqual({ sum: truth.rows[0]?.sum, same: exported.length });
    const customers = (await lines('tables/customers.ndjson')).map(
      (line) => JSON.parse(line) as { id: string },
    );
    expect(customers.length).toBe(1_202);
    expect(customers.map(({ id }) => id)).toEqual(customers.map(({ id }) => id).sort());
  });

  it('has no token, key or password in any file', async () => {
    const methods = (await lines('tables/payment_methods.ndjson')).map((line) => JSON.parse(line) as object);
    expect(methods.length).toBeGreaterThan(0);
    for (const method of methods) expect(method).not.toHaveProperty('token');
    for (const { file } of manifest.files) {
      const content = await text(file);
      for (const secret of ['pm_sandbox', tenant.testKey, tenant.password, tenant.refreshToken]) {
        expect([file, content.includes(secret)]).toEqual([file, false]);
      }
    }
    const account = JSON.parse(await text('account.json')) as { memberships: { user: { email: string } }[] };
    expect(account.memberships.map(({ user }) => user.email)).toEqual([tenant.email]);
  });

  it('has the document of every invoice that was issued', async () => {
    const index = (await lines('invoices.ndjson')).map(
      (line) => JSON.parse(line) as { number: string; file: string; sha256: string },
    );
    const { rows } = await sql.query<{ number: string }>(
      'SELECT number FROM invoices WHERE number IS NOT NULL ORDER BY id',
    );
    expect(index.map(({ number }) => number)).toEqual(rows.map(({ number }) => number));
    expect(index.length).toBeGreaterThan(0);
    for (const { file, sha256 } of index) {
      const bytes = await readFile(path.join(folder, file));
      expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
    }
  });

  it('that is run again makes a second folder with the same rows, and leaves none of what was cut off', async () => {
    const other = path.join(parent, 'again');
    await run({ folder: other, pdfs: 'without' });
    const [name = ''] = await readdir(other);
    const again = JSON.parse(await readFile(path.join(other, name, 'manifest.json'), 'utf8')) as Manifest;
    const tablesOf = ({ files }: Manifest) => files.filter(({ file }) => file.startsWith('tables/'));
    expect(tablesOf(again)).toEqual(tablesOf(manifest));
    expect(again.files.some(({ file }) => file === 'invoices.ndjson')).toBe(false);
  });

  it('of the same database at the same time is refused, and the first is whole', async () => {
    const both = await Promise.allSettled([run({ pdfs: 'without' }), run({ pdfs: 'without' })]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await readdir(parent)).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});
