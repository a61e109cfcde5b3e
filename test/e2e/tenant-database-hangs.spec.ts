import { problemOf } from '@nova/core/platform/http/problem-of.js';
import { TenantClients } from '@nova/core/tenancy/clients/tenant-clients.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { TcpProxy } from '../support/tcp-proxy.js';
import {
  type BootedTenancy,
  emptyQueues,
  eventually,
  type Handlers,
  POSTGRES_URL,
  TenancyBench,
  type TestDatabase,
} from '../integration/tenancy-platform.js';

/** A tenant behind a proxy that swallows, delays and resets, and one beside it that must not notice. */
let bench: TenancyBench;
let proxy: TcpProxy;
let app: BootedTenancy;
let hanging: TestDatabase;
let neighbour: TestDatabase;
const handlers: Handlers = {};

beforeAll(async () => {
  bench = await TenancyBench.create();
  const { hostname, port } = new URL(POSTGRES_URL);
  proxy = await TcpProxy.start({ host: hostname, port: Number(port) });
  hanging = await bench.addTenant('test');
  neighbour = await bench.addTenant('test');
  await bench.central.query(
    `INSERT INTO database_servers (id, name, host, port, admin_url_sealed) VALUES ('srv_2', 'far', '127.0.0.1', $1, '-')`,
    [proxy.port],
  );
  await bench.central.query(`UPDATE tenant_databases SET server_id = 'srv_2' WHERE id = $1`, [
    hanging.databaseId,
  ]);
  app = await bench.boot({ handlers, processors: true });
  await answer(neighbour);
});
afterEach(async () => {
  proxy.behave({ kind: 'pass' });
  await emptyQueues(app);
});
afterAll(async () => {
  await bench.drop();
  await proxy.stop();
});

const answer = (database: TestDatabase) => app.run(database, (ctx) => ctx.db.customer.count());

/** What a request for it is told, and after how long. */
async function told(work: Promise<unknown>): Promise<{ code: string; status: number; ms: number }> {
  const begun = performance.now();
  const { code, status } = await work.then(
    () => ({ code: 'ok', status: 200 }),
    (error: unknown) => problemOf(error).definition,
  );
  return { code, status, ms: performance.now() - begun };
}

async function recovers(): Promise<void> {
  proxy.behave({ kind: 'pass' });
  await eventually(async () => (await told(answer(hanging))).code === 'ok', 'it is reached again');
  await eventually(() => app.get(TenantClients).usage().leases === 0, 'no lease is left behind');
}

describe('a tenant database that does not answer', () => {
  it('is told of within seconds, then at once, delays no other, and comes back', async () => {
    proxy.behave({ kind: 'black_hole' });
    const first = told(answer(hanging));
    for (let time = 0; time < 10; time++) {
      const beside = await told(answer(neighbour));
      expect(beside.code).toBe('ok');
      expect(beside.ms).toBeLessThan(2_000);
    }
    expect(await first).toMatchObject({ code: 'tenant_unreachable', status: 503 });
    expect((await first).ms).toBeLessThan(6_000);
    const next = await told(answer(hanging));
    expect(next.code).toBe('tenant_unreachable');
    expect(next.ms).toBeLessThan(500);
    await recovers();
  });

  it('is told of when it falls silent in the middle of a query', async () => {
    await answer(hanging);
    const asleep = told(app.run(hanging, (ctx) => ctx.db.$queryRaw`SELECT 1 FROM pg_sleep(15)`));
    const inTransaction = told(
      app.run(hanging, (ctx) => ctx.transaction(async ({ db }) => db.$queryRaw`SELECT 1 FROM pg_sleep(15)`)),
    );
    await eventually(() => app.get(TenantClients).usage().leases >= 2);
    await new Promise((resolve) => setTimeout(resolve, 200));
    proxy.behave({ kind: 'black_hole' });
    for (const outcome of await Promise.all([asleep, inTransaction])) {
      expect(outcome.status).toBe(503);
      expect(outcome.ms).toBeLessThan(9_000);
    }
    await recovers();
  });

  it('is not taken for silent when it is slow, or at work for long', async () => {
    proxy.behave({ kind: 'delay', ms: 150 });
    expect(await told(answer(hanging))).toMatchObject({ code: 'ok' });
    const long = app.run(hanging, (ctx) => ctx.db.$queryRaw`SELECT 1 FROM pg_sleep(4)`);
    expect(await told(long)).toMatchObject({ code: 'ok' });
  });

  it('is told of when its connections are reset', async () => {
    await answer(hanging);
    proxy.behave({ kind: 'reset' });
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => told(answer(hanging))));
    for (const { status, ms } of outcomes) {
      expect(status).toBe(503);
      expect(ms).toBeLessThan(3_000);
    }
    await recovers();
  });

  it('has its jobs wait, and lets those of others be done', async () => {
    const done: string[] = [];
    handlers['invoices.email'] = async (ctx) => {
      await ctx.db.customer.count();
      done.push(ctx.tenantId);
    };
    const payloadOf = ({ tenantId }: TestDatabase, n: number) => ({
      tenantId,
      mode: 'test',
      emailId: `eml_${n}`,
    });
    proxy.behave({ kind: 'black_hole' });
    const mail = app.queue('mail');
    await mail.addBulk(
      Array.from({ length: 12 }, (_, n) => ({ name: 'invoices.email', data: payloadOf(hanging, n) })),
    );
    await mail.add('invoices.email', payloadOf(neighbour, 99));
    await eventually(() => done.includes(neighbour.tenantId), 'the neighbour’s job is done', 6_000);
    await eventually(
      async () => (await mail.getJobCountByTypes('active')) === 0,
      'the jobs that waited for an answer are put off',
    );
    expect(await mail.getJobCountByTypes('failed')).toBe(0);
    proxy.behave({ kind: 'pass' });
    await eventually(
      () => done.filter((id) => id === hanging.tenantId).length === 12,
      'the jobs that waited are done',
      15_000,
    );
  });
});
