import { type FleetHealth, FleetHealthSchema } from '@nova/core/features/health/fleet-health.schemas.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { chooseDatabases } from '@nova/core/tenancy/fleet/choose-databases.js';
import { FleetOverview } from '@nova/core/tenancy/fleet/fleet-overview.js';
import { FleetSampler } from '@nova/core/tenancy/fleet/fleet-sampler.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Nova, startNova, type TestTenant } from '../support/nova.js';

const TOKEN = 'a-token-for-the-metrics';

let nova: Nova;
let tenant: TestTenant;

beforeAll(async () => {
  nova = await startNova({ env: { METRICS_TOKEN: TOKEN } });
  tenant = await nova.tenant();
  await nova.settle();
});
afterAll(() => nova.stop());

const central = () => nova.app.get(CentralDatabase, { strict: false });
const sampler = () => nova.app.get(FleetSampler, { strict: false });
const get = (path: string, token: string | null = TOKEN) =>
  fetch(`${nova.url}${path}`, token ? { headers: { authorization: `Bearer ${token}` } } : {});

/** The answer is remembered for ten seconds; each look here is to be a new one. */
async function freshSight(): Promise<FleetHealth> {
  nova.app.get(FleetOverview, { strict: false }).forget();
  const response = await get('/health/tenants');
  expect(response.status).toBe(200);
  return FleetHealthSchema.parse(await response.json());
}

describe('the health of the fleet', () => {
  it('is for the operator only', async () => {
    expect((await get('/health/tenants', null)).status).toBe(401);
    expect((await get('/health/tenants', tenant.testKey)).status).toBe(401);
  });

  it('tells of tenants, versions, servers and their connections', async () => {
    await sampler().sample();
    expect(await freshSight()).toMatchObject({
      status: 'up',
      tenants: [{ status: 'active', tenants: 1, inMaintenance: 0 }],
      schema: { versions: [{ version: expect.stringMatching(/^\d{14}_/), databases: 1 }] },
      servers: [{ name: 'default', reachable: true, databases: 1, connections: expect.any(Number) }],
      dueWork: { oldestSeconds: 0, overdueDatabases: 0 },
      samples: { databases: 1, unreachable: 0 },
      ailing: [],
    });
  });

  it('does not look again at what it has just seen, unless something is going on there', async () => {
    expect(await chooseDatabases(central().pool, 10)).toEqual([]);
    await central().pool.query("UPDATE database_samples SET sampled_at = now() - interval '10 minutes'");
    expect(await chooseDatabases(central().pool, 10)).toEqual([]);
    await central().pool.query('UPDATE database_samples SET outbox_rows = 1');
    expect(await chooseDatabases(central().pool, 10)).toHaveLength(1);
  });

  it('names a tenant whose database cannot be reached, and work that is late', async () => {
    await central().pool.query("UPDATE tenant_databases SET database_name = 'nova_not_there'");
    await central().pool.query("UPDATE database_samples SET sampled_at = now() - interval '2 days'");
    await central().pool.query(
      `INSERT INTO due_work (tenant_database_id, kind, due_at, claimed_until)
       SELECT id, 'billing', now() - interval '5 minutes', now() + interval '1 hour' FROM tenant_databases`,
    );
    await sampler().sample();
    const sight = await freshSight();
    expect(sight).toMatchObject({
      status: 'degraded',
      dueWork: { overdueDatabases: 1 },
      samples: { unreachable: 1 },
      ailing: [{ tenantId: tenant.tenantId, mode: 'test', reachable: false }],
    });
    expect(sight.dueWork.oldestSeconds).toBeGreaterThan(290);
    const metrics = await (await get('/metrics')).text();
    expect(metrics).toContain('nova_server_up{server="default"} 1');
    expect(metrics).toContain('nova_due_work_overdue_databases 1');
    expect(metrics).toContain('nova_tenant_databases_unreachable 1');
  });
});
