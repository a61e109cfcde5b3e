import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '@nova/core/platform/embedded/embedded-postgres.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { createMonthlyPlan } from '../support/billing-world.js';
import { createPlatformDatabases } from '../support/central-database.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';
import { tenantDatabaseUrl } from '../support/tenant-database.js';
import { spawnWorker, type WorkerProcess } from '../support/worker-process.js';

const SUBSCRIPTIONS = 200;
const DAY_MS = 86_400_000;

/** A PostgreSQL of this file's own, with fsync as in production, since it is going to be killed. */
let dataDir: string;
let postgres: EmbeddedPostgres;
let nova: Nova;
let workers: WorkerProcess[];
const pools = new Map<string, pg.Pool>();

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'nova-faults-'));
  postgres = await startEmbeddedPostgres({ dataDir });
  const databases = await createPlatformDatabases(postgres.superuserUrl);
  nova = await startNova({ databases, processors: 'none', env: { REDIS_URL: '' } });
  workers = [];
});

afterAll(async () => {
  for (const worker of workers) await worker.kill();
  for (const pool of pools.values()) await pool.end();
  await nova.stop();
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Asked of PostgreSQL, since it is asked all the time: the API would do little else. */
async function invoiceCount({ tenantId }: TestTenant): Promise<number> {
  let pool = pools.get(tenantId);
  if (!pool) {
    const url = await tenantDatabaseUrl(nova.databases, tenantId, 'test', postgres.superuserUrl);
    pool = new pg.Pool({ connectionString: url, max: 1 });
    // PostgreSQL is killed under it, and its database dropped at the end.
    pool.on('error', () => undefined);
    pools.set(tenantId, pool);
  }
  const { rows } = await pool.query<{ count: number }>('SELECT count(*)::int AS count FROM invoices');
  return rows[0]?.count ?? 0;
}

async function allInvoices(
  tenant: TestTenant,
): Promise<{ number: string; subscriptionId: string; status: string }[]> {
  const found = [];
  let cursor = '';
  for (;;) {
    const page = expectStatus(await tenant.api.get(`/invoices?limit=100${cursor}`), 200);
    found.push(...page.data);
    if (!page.hasMore) return found;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}

async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 90_000;
  while (!(await condition().catch(() => false))) {
    if (performance.now() > deadline) {
      throw new Error(`Waited in vain: ${what}\n${workers.at(-1)?.output().slice(-4_000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Two hundred subscriptions that start tomorrow, and then all at once now: however long it takes to make them. */
async function scheduleSubscriptions(tenant: TestTenant): Promise<void> {
  const { plan } = await createMonthlyPlan(tenant.api, 'fault');
  const customer = expectStatus(await tenant.api.post('/customers', { name: 'Many', currency: 'NGN' }), 201);
  const startAt = new Date(Date.now() + DAY_MS).toISOString();
  for (let created = 0; created < SUBSCRIPTIONS; created += 20) {
    const batch = Array.from({ length: 20 }, () =>
      tenant.api.post('/subscriptions', {
        customerId: customer.id,
        planId: plan.id,
        startAt,
        collectionMethod: 'send_invoice',
      }),
    );
    for (const response of await Promise.all(batch)) expectStatus(response, 201);
  }
  const actor = { type: 'system', id: 'spec' } as const;
  const contexts = nova.app.get(TenantContexts, { strict: false });
  await contexts.run({ tenantId: tenant.tenantId, mode: 'test', actor, requestId: null }, (ctx) =>
    ctx.transaction(async (tx) => {
      await tx.db.$executeRaw`UPDATE subscriptions SET current_period_start = now(), next_billing_at = now()`;
      tx.due('billing', new Date(0));
    }),
  );
}

function startWorker(): WorkerProcess {
  const worker = spawnWorker(nova.config);
  workers.push(worker);
  return worker;
}

async function expectExactlyOneInvoiceEach(tenant: TestTenant): Promise<void> {
  const invoices = await allInvoices(tenant);
  expect(invoices).toHaveLength(SUBSCRIPTIONS);
  expect(new Set(invoices.map((invoice) => invoice.subscriptionId)).size).toBe(SUBSCRIPTIONS);
  const sequences = invoices
    .map((invoice) => Number(invoice.number.replace(/^\D+/, '')))
    .sort((x, y) => x - y);
  expect(sequences).toEqual(Array.from({ length: SUBSCRIPTIONS }, (_, index) => index + 1));
}

describe('a billing run of 200 subscriptions', () => {
  it('comes out exactly right when its worker is killed in the middle, three times', async () => {
    const tenant = await nova.tenant();
    await scheduleSubscriptions(tenant);
    for (const share of [0.15, 0.4, 0.7]) {
      const worker = startWorker();
      await until(
        async () => (await invoiceCount(tenant)) >= SUBSCRIPTIONS * share,
        `${share} of the invoices`,
      );
      await worker.kill();
      expect(await invoiceCount(tenant), 'killed in the middle').toBeLessThan(SUBSCRIPTIONS);
    }
    const last = startWorker();
    await until(async () => (await invoiceCount(tenant)) >= SUBSCRIPTIONS, 'all invoices after the restart');
    await expectExactlyOneInvoiceEach(tenant);
    await last.kill();
  });

  it('comes out exactly right when PostgreSQL is killed in the middle, with the worker living on', async () => {
    const tenant = await nova.tenant();
    await scheduleSubscriptions(tenant);
    const worker = startWorker();
    await until(async () => (await invoiceCount(tenant)) >= SUBSCRIPTIONS * 0.3, 'a third of the invoices');
    process.kill(postgres.pid, 'SIGKILL');
    const away = await tenant.api.get('/invoices').catch(() => null);
    if (away) expect([200, 503]).toContain(away.status);
    postgres = await startEmbeddedPostgres({ dataDir, port: postgres.port });
    await until(
      async () => (await invoiceCount(tenant)) >= SUBSCRIPTIONS,
      'all invoices after PostgreSQL came back',
    );
    await expectExactlyOneInvoiceEach(tenant);
    expect(worker.exited(), 'the worker never ended').toBe(false);
    await worker.kill();
  });
});
