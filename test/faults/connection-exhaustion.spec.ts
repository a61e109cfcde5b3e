import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '@nova/core/platform/embedded/embedded-postgres.js';
import { newId } from '@nova/core/platform/ids/new-id.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import { TenantProvisioner } from '@nova/core/tenancy/provisioning/tenant-provisioner.js';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { createPlatformDatabases } from '../support/central-database.js';
import { type Nova, startNova } from '../support/nova.js';

const TENANTS = 500;
const BUDGET = 45;
const AT_ONCE = 12;
const MINUTE_MS = 60_000;

/** PostgreSQL as it is installed: a hundred connections, for central, queues and five hundred tenants. */
let dataDir: string;
let postgres: EmbeddedPostgres;
let nova: Nova;
const tenants: string[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'nova-exhaustion-'));
  postgres = await startEmbeddedPostgres({
    dataDir,
    settings: { max_connections: '100', fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  });
  nova = await startNova({
    databases: await createPlatformDatabases(postgres.superuserUrl),
    env: { TENANT_CONNECTION_BUDGET: String(BUDGET), TENANT_POOL_SIZE: '3' },
  });
  const { db } = nova.app.get(CentralDatabase, { strict: false });
  const provisioner = nova.app.get(TenantProvisioner, { strict: false });
  for (let n = 0; n < TENANTS; n++) {
    const id = newId('ten');
    await db.tenant.create({ data: { id, slug: id, name: 'Small', status: 'active' } });
    await provisioner.provision(id, 'live');
    tenants.push(id);
  }
}, 900_000);

afterAll(async () => {
  await nova.stop();
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** Counts the server's connections again and again, to know how many there were at most. */
async function watchConnections(until: Promise<unknown>): Promise<{ tenants: number; all: number }> {
  const client = new pg.Client({ connectionString: postgres.superuserUrl });
  await client.connect();
  const most = { tenants: 0, all: 0 };
  let over = false;
  void until.finally(() => (over = true)).catch(() => undefined);
  while (!over) {
    const { rows } = await client.query<{ tenants: number; all: number }>(
      `SELECT count(*) FILTER (WHERE application_name = 'nova-tenant')::int AS tenants, count(*)::int AS all
         FROM pg_stat_activity WHERE backend_type = 'client backend'`,
    );
    most.tenants = Math.max(most.tenants, rows[0]?.tenants ?? 0);
    most.all = Math.max(most.all, rows[0]?.all ?? 0);
    await sleep(20);
  }
  await client.end();
  return most;
}

it('serves 500 tenants in a minute on a hundred connections, without an error', async () => {
  const contexts = nova.app.get(TenantContexts, { strict: false });
  const waiting = [...tenants];
  const touch = (tenantId: string) =>
    contexts.run(
      { tenantId, mode: 'live', actor: { type: 'system', id: 'test' }, requestId: null },
      async (ctx) => {
        await Promise.all([ctx.db.customer.count(), ctx.db.invoice.count(), ctx.db.plan.count()]);
      },
    );
  const errors: unknown[] = [];
  const client = async () => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      await touch(id).catch((error: unknown) => errors.push(error));
    }
  };
  const begun = performance.now();
  const all = Promise.all(Array.from({ length: AT_ONCE }, client));
  const most = await watchConnections(all);
  expect(errors).toEqual([]);
  expect(performance.now() - begun).toBeLessThan(MINUTE_MS);
  expect(most.tenants).toBeGreaterThan(0);
  expect(most.tenants).toBeLessThanOrEqual(BUDGET);
  expect(most.all).toBeLessThan(100);
});
