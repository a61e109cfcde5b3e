import { joinedContext } from '@nova/core/features/idempotency/joined-context.js';
import { newId } from '@nova/core/platform/ids/new-id.js';
import { oldestServedVersion } from '@nova/core/tenancy/migrator/schema-versions.js';
import type { Statement } from '@nova/core/tenancy/tenant-context.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { cutAfter } from '../support/cutting-proxy.js';
import { type BootedTenancy, query, TenancyBench, type TestDatabase } from './tenancy-platform.js';

const NOTHING_DUE = new Map<never, never>();
const MOMENT = new Date('2020-01-31T00:00:00Z');
let bench: TenancyBench;
let booted: BootedTenancy;
let database: TestDatabase;

beforeAll(async () => {
  bench = await TenancyBench.create();
  booted = await bench.boot();
});
beforeEach(async () => {
  database = await bench.addTenant();
});
afterAll(() => bench.drop());

const addCustomer = (id = newId('cus')): Statement => ({
  text: 'INSERT INTO customers (id, name, created_at, updated_at) VALUES ($1, $2, $3, $3)',
  values: [id, 'Ada', MOMENT],
});
const count = async () => (await query(database.url, 'SELECT count(*)::int AS n FROM customers'))[0]?.['n'];
const dueWork = async () => {
  const text = 'SELECT kind, due_at FROM due_work WHERE tenant_database_id = $1';
  return (await bench.central.query(text, [database.databaseId])).rows;
};

describe('a statement that is a transaction by itself', () => {
  it('is told to central before and after, as every write is', async () => {
    await booted.run(database, (ctx) => ctx.write(addCustomer(), new Map([['billing', MOMENT]])));
    await booted.settled();
    expect(await count()).toBe(1);
    expect(await dueWork()).toEqual([{ kind: 'billing', due_at: MOMENT }]);
    const text = 'SELECT 1 FROM dirty_marks WHERE tenant_database_id = $1';
    expect((await bench.central.query(text, [database.databaseId])).rows).toHaveLength(1);
  });

  it('is run again when it was rolled back for the sake of another', async () => {
    await query(database.url, 'CREATE SEQUENCE attempts');
    await query(
      database.url,
      `CREATE FUNCTION third_time() RETURNS bigint LANGUAGE plpgsql AS $$
       DECLARE attempt bigint := nextval('attempts'); BEGIN
         IF attempt < 3 THEN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END IF; RETURN attempt; END $$`,
    );
    await query(database.url, 'GRANT ALL ON SEQUENCE attempts TO PUBLIC');
    const { text, values } = addCustomer();
    await booted.run(database, (ctx) =>
      ctx.write({ text: text.replace('$2', '$2 || third_time()'), values }, NOTHING_DUE),
    );
    expect(await query(database.url, 'SELECT name FROM customers')).toEqual([{ name: 'Ada3' }]);
  });

  it('leaves nothing behind when it fails, and says so as PostgreSQL does', async () => {
    const statement = addCustomer();
    await booted.run(database, async (ctx) => {
      await ctx.write(statement, NOTHING_DUE);
      await expect(ctx.write(statement, new Map([['billing', MOMENT]]))).rejects.toMatchObject({
        code: '23505',
      });
    });
    await booted.settled();
    expect([await count(), await dueWork()]).toEqual([1, []]);
  });

  it('is looked after when the connection is lost before its answer', async () => {
    const own = await bench.boot();
    const proxy = await cutAfter(new URL(database.url), 'INTO outbox');
    await bench.central.query(
      `WITH server AS (
         INSERT INTO database_servers (id, name, host, port, admin_url_sealed)
         VALUES ('srv_cutting', 'cutting', '127.0.0.1', $1, '-') RETURNING id)
       UPDATE tenant_databases SET server_id = server.id FROM server WHERE tenant_databases.id = $2`,
      [proxy.port, database.databaseId],
    );
    await own.run(database, async (ctx) => {
      const payload = JSON.stringify({ tenantId: ctx.tenantId, mode: ctx.mode, emailId: newId('eml') });
      proxy.cutNext();
      const text = `INSERT INTO outbox (id, job, payload, available_at) VALUES ($1, 'invoices.email', $2::jsonb, 'epoch')`;
      await expect(ctx.write({ text, values: [newId('job'), payload] }, NOTHING_DUE)).rejects.toThrow();
    });
    await own.settled();
    expect(await query(database.url, `SELECT id FROM outbox WHERE available_at = 'epoch'`)).toEqual([]);
    await own.close();
    await proxy.close();
  });

  it('is a savepoint of the transaction that its context has joined', async () => {
    const statement = addCustomer();
    await booted.run(database, (ctx) =>
      ctx.transaction(async (tx) => {
        const joined = joinedContext(ctx, tx);
        await joined.write(statement, new Map([['billing', MOMENT]]));
        await expect(joined.write(statement, NOTHING_DUE)).rejects.toThrow();
        expect(await joined.read({ text: 'SELECT name FROM customers', values: [] })).toEqual([
          { name: 'Ada' },
        ]);
        expect(await ctx.read({ text: 'SELECT name FROM customers', values: [] })).toEqual([]);
      }),
    );
    await booted.settled();
    expect([await count(), await dueWork()]).toEqual([1, [{ kind: 'billing', due_at: MOMENT }]]);
  });
});

it('what needs a migration that the database lacks is told as that', async () => {
  const missing = { text: 'SELECT * FROM of_the_next_release', values: [] };
  const read = () => booted.run(database, (ctx) => ctx.read(missing));
  await expect(read()).rejects.toMatchObject({ code: '42P01' });
  const behind = await bench.addTenant();
  await bench.central.query('UPDATE tenant_databases SET schema_version = $1 WHERE id = $2', [
    oldestServedVersion(),
    behind.databaseId,
  ]);
  database = behind;
  await expect(read()).rejects.toMatchObject({ definition: { code: 'tenant_schema_behind' } });
});
