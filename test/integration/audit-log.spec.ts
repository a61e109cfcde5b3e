import { operatorCaller } from '@nova/core/features/audit/operator-caller.js';
import { recordAudit } from '@nova/core/features/audit/record-audit.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { OpenDatabases, type OpenDatabase } from '@nova/core/tenancy/context/open-databases.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import { TenantDirectory } from '@nova/core/tenancy/directory/tenant-directory.js';
import type { Actor } from '@nova/core/tenancy/tenant-context.js';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { type Api, expectStatus } from '../support/api.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';

let nova: Nova;
let acme: TestTenant;
let database: OpenDatabase;

beforeAll(async () => {
  nova = await startNova({ processors: 'none' });
  acme = await nova.tenant();
  const tenant = await nova.app.get(TenantDirectory, { strict: false }).get(acme.tenantId);
  const snapshot = tenant?.databases[0];
  if (!snapshot) throw new Error('The tenant has no database.');
  database = await nova.app.get(OpenDatabases, { strict: false }).open(snapshot);
});

afterAll(async () => {
  database.release();
  await nova.stop();
});

interface Change {
  action: string;
  targetType: string;
  targetId: string;
  actorType: string;
  actorId: string | null;
  requestId: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

const changes = async (query: string, api: Api = acme.api): Promise<Change[]> =>
  expectStatus(await api.get(`/audit-log?${query}`), 200).data;

const customer = async (): Promise<{ id: string }> =>
  expectStatus(await acme.api.post('/customers', { name: 'Ada', currency: 'KES' }), 201);

async function as<T>(actor: Actor, work: Parameters<TenantContexts['run']>[1]): Promise<T> {
  const contexts = nova.app.get(TenantContexts, { strict: false });
  return contexts.run({ tenantId: acme.tenantId, mode: 'test', actor, requestId: null }, work) as Promise<T>;
}

describe('the audit log of the billing data', () => {
  it('has who changed what, from what to what, and by which request', async () => {
    const { id } = await customer();
    const renamed = await acme.user.patch(`/customers/${id}`, {
      name: 'Ada Obi',
      metadata: { tier: 'gold' },
    });
    expectStatus(renamed, 200);
    expectStatus(await acme.api.delete(`/customers/${id}`), 204);
    const [removal, update, creation] = await changes(`targetId=${id}`);
    expect(creation).toMatchObject({
      action: 'created',
      targetType: 'customer',
      actorType: 'api_key',
      before: null,
    });
    expect(creation?.after).toMatchObject({ id, name: 'Ada', currency: 'KES' });
    expect(update).toEqual({
      object: 'data_change',
      id: expect.stringMatching(/^aud_/),
      action: 'updated',
      targetType: 'customer',
      targetId: id,
      actorType: 'user',
      actorId: acme.userId,
      before: { name: 'Ada', metadata: {} },
      after: { name: 'Ada Obi', metadata: { tier: 'gold' } },
      ipAddress: '127.0.0.1',
      requestId: renamed.headers.get('request-id'),
      createdAt: expect.any(String),
    });
    expect(removal?.targetId).toBe(id);
  });

  it('is of one transaction with the change: what is rolled back is not listed', async () => {
    const { id } = await customer();
    await expect(
      as({ type: 'operator', id: 'ada at desk' }, (ctx) =>
        ctx.transaction(async ({ db }) => {
          await db.customer.update({ where: { id }, data: { name: 'Nobody' } });
          throw new Error('no');
        }),
      ),
    ).rejects.toThrow('no');
    expect(await changes(`targetId=${id}`)).toHaveLength(1);
  });

  it('has the operator without his name, and nothing that jobs do', async () => {
    const { id } = await customer();
    const rename = (name: string) => (ctx: Parameters<Parameters<TenantContexts['run']>[1]>[0]) =>
      ctx.transaction(({ db }) => db.customer.update({ where: { id }, data: { name } }));
    await as({ type: 'operator', id: 'ada at desk' }, rename('By hand'));
    await as({ type: 'system', id: 'billing' }, rename('By itself'));
    const [latest, ...others] = await changes(`targetId=${id}`);
    expect(latest).toMatchObject({ actorType: 'operator', actorId: null, after: { name: 'By hand' } });
    expect(others).toHaveLength(1);
    expect(await changes(`targetId=${id}&actorId=${encodeURIComponent('ada at desk')}`)).toEqual([]);
  });

  it('keeps the token of a payment method to itself', async () => {
    const { id } = await customer();
    expectStatus(
      await acme.api.post(`/customers/${id}/payment-methods`, { token: 'pm_sandbox_success' }),
      201,
    );
    const listed = await changes('targetType=payment_method');
    expect(listed[0]?.after).toMatchObject({ token: '[secret]' });
    expect(JSON.stringify(listed)).not.toContain('pm_sandbox_success');
  });

  it('can be searched by kind and actor', async () => {
    const { id } = await customer();
    expect((await changes('targetType=customer&limit=1')).map(({ targetId }) => targetId)).toEqual([id]);
    expect(await changes('targetType=plan')).toEqual([]);
    const own = await changes(`actorId=${acme.userId}&limit=100`);
    expect(own.length).toBeGreaterThan(0);
    expect(new Set(own.map(({ actorId }) => actorId))).toEqual(new Set([acme.userId]));
    expect((await acme.api.get('/audit-log?targetType=outbox_job')).status).toBe(400);
  });
});

describe('either audit log', () => {
  const attempts = [
    `UPDATE audit_log SET actor_id = 'somebody else'`,
    'DELETE FROM audit_log',
    'TRUNCATE audit_log',
    'TRUNCATE audit_log CASCADE',
  ];

  it.each(attempts)('refuses %s by the role that the application has', async (sql) => {
    const central = nova.app.get(CentralDatabase, { strict: false });
    await expect(central.pool.query(sql)).rejects.toThrow(/only grows/);
    await expect(database.pool.query(sql)).rejects.toThrow(/only grows|permission denied/);
  });

  it.each(attempts)('refuses %s by the owner of the tenant’s database', async (sql) => {
    const { rows } = await database.pool.query<{ name: string }>('SELECT current_database() AS name');
    const url = new URL(inject('postgresUrl'));
    url.pathname = `/${rows[0]?.name}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    try {
      await client.query(
        'SELECT set_config($1, r.rolname, false) FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE c.relname = $2',
        ['role', 'audit_log'],
      );
      await expect(client.query(sql)).rejects.toThrow(/only grows/);
    } finally {
      await client.end();
    }
  });

  it('has the operator’s acts, on a tenant and on the platform', async () => {
    const { db } = nova.app.get(CentralDatabase, { strict: false });
    const target = { type: 'tenant', id: acme.tenantId };
    await db.$transaction(async (tx) => {
      await recordAudit(tx, operatorCaller(acme.tenantId), { action: 'tenant.suspended', target });
      await recordAudit(tx, operatorCaller(null), {
        action: 'keys.rotated',
        target: { type: 'keys', id: 'k2' },
      });
    });
    const rows = await db.auditEntry.findMany({ where: { actorType: 'operator' }, orderBy: { id: 'asc' } });
    expect(rows.map(({ tenantId }) => tenantId)).toEqual([acme.tenantId, null]);
    expect(rows[0]?.actorId).toMatch(/^.+ at .+$/);
    const shown = expectStatus(
      await acme.user.get('/tenants/me/audit-log?action=tenant.suspended'),
      200,
    ).data;
    expect(shown).toMatchObject([{ actorType: 'operator', actorId: null }]);
  });
});
