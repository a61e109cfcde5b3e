import { openKeyRing } from '@nova/core/tenancy/keys/key-ring.js';
import { checkPoolers } from '@nova/core/tenancy/servers/check-poolers.js';
import { clusterNames } from '@nova/core/tenancy/servers/cluster-names.js';
import { TenantProvisioner } from '@nova/core/tenancy/provisioning/tenant-provisioner.js';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { asSuperuser } from '../support/central-database.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';

/** Runs in the pass that goes through PgBouncer: `TEST_POOLER=pgbouncer`. */
describe.skipIf(inject('poolerAddress') === '')('tenants behind a pooler', () => {
  let nova: Nova;
  let acme: TestTenant;
  let database: string;

  beforeAll(async () => {
    nova = await startNova({ processors: 'none' });
    acme = await nova.tenant();
    database = await onCentral(async (central) => {
      const { rows } = await central.query<{ name: string }>(
        'SELECT database_name AS name FROM tenant_databases WHERE tenant_id = $1',
        [acme.tenantId],
      );
      return rows[0]!.name;
    });
  });
  afterAll(() => nova.stop());

  async function onCentral<T>(work: (central: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: nova.config.centralDatabaseUrl });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  const inDatabase = <T>(work: (client: pg.Client) => Promise<T>) => {
    const url = new URL(inject('postgresUrl'));
    url.pathname = `/${database}`;
    return asSuperuser(url.href, work);
  };

  it('are served through it, and the doctor sees that', async () => {
    expectStatus(await acme.api.get('/customers'), 200);
    const checks = await onCentral((central) =>
      checkPoolers(central, () => openKeyRing(central, nova.config)),
    );
    expect(checks).toEqual([
      { server: 'default', address: inject('poolerAddress'), database, problem: null },
    ]);
  });

  it('have passwords looked up that only the pooler may, and none of anybody else', async () => {
    await inDatabase(async (client) => {
      const lookUp = async (role: string) =>
        (await client.query('SELECT * FROM nova_pooler.look_up($1)', [role])).rowCount;
      await client.query('SET ROLE nova_pooler');
      expect(await lookUp(database)).toBe(1);
      expect(await lookUp('postgres')).toBe(0);
      expect(await lookUp('nova_pooler')).toBe(1);
      expect(await lookUp(decodeURIComponent(new URL(nova.config.internalPostgresUrl).username))).toBe(0);
      await client.query(`RESET ROLE`);
      await client.query(`SET ROLE ${pg.escapeIdentifier(database)}`);
      await expect(lookUp(database)).rejects.toMatchObject({ code: '42501' });
    });
  });

  it('are not made while the template lacks the look-up, and the reason is told', async () => {
    const template = clusterNames(nova.config.centralDatabaseUrl).template;
    const url = new URL(inject('postgresUrl'));
    url.pathname = `/${template}`;
    await asSuperuser(inject('postgresUrl'), async (client) => {
      await client.query(`ALTER DATABASE ${template} ALLOW_CONNECTIONS true`);
      await asSuperuser(url.href, (inside) => inside.query('DROP SCHEMA nova_pooler CASCADE'));
      await client.query(`ALTER DATABASE ${template} ALLOW_CONNECTIONS false`);
    });
    const provisioner = nova.app.get(TenantProvisioner, { strict: false });
    await expect(provisioner.provision(acme.tenantId, 'live')).rejects.toMatchObject({
      cause: { message: expect.stringContaining('infra/pgbouncer/install-auth.sql') as string },
    });
  });
});
