import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { loadConfig } from '@nova/core/platform/config/load-config.js';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '@nova/core/platform/embedded/embedded-postgres.js';
import { preparePlatform } from '@nova/core/tenancy/prepare-platform.js';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { environmentOf, ProvisioningPlatform, query, refusalOf } from './provisioning-platform.js';

/** A server of this file's own: what is closed here would be closed to the other tests too. */
let server: EmbeddedPostgres;
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'nova-servers-'));
  server = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } });
});
afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

/** The warnings that `preparePlatform` logs. */
async function warningsOf(env: Record<string, string>): Promise<{ databases?: string[]; remedy?: string }[]> {
  const warnings: { databases?: string[]; remedy?: string }[] = [];
  const log = pino(
    { level: 'warn' },
    { write: (line: string) => void warnings.push(JSON.parse(line) as object) },
  );
  await preparePlatform(loadConfig(env), log);
  return warnings;
}

describe('the server’s common databases', () => {
  it('are named, with the remedy, by an administrator who may not close them', async () => {
    const platform = await ProvisioningPlatform.create(server.superuserUrl);
    const [warning, ...more] = await warningsOf(environmentOf(platform.databases));
    expect(more).toEqual([]);
    expect(warning?.databases?.sort()).toEqual(['postgres', 'template1']);
    const { id } = await platform.provisioner.provision(await platform.addTenant(), 'test');
    expect(await refusalOf(query(await platform.tenantUrl(id, 'postgres'), 'SELECT 1'))).toBe('not refused');

    const admin = decodeURIComponent(new URL(platform.databases.adminUrl).username);
    await query(
      server.superuserUrl,
      `GRANT CONNECT ON DATABASE postgres TO ${admin}; ${warning?.remedy ?? ''}`,
    );
    expect(await warningsOf(environmentOf(platform.databases))).toEqual([]);
    for (const database of ['postgres', 'template1']) {
      expect(await refusalOf(query(await platform.tenantUrl(id, database), 'SELECT 1')), database).toBe(
        '42501',
      );
    }
    await query(
      server.superuserUrl,
      'GRANT CONNECT ON DATABASE postgres TO PUBLIC; GRANT CONNECT ON DATABASE template1 TO PUBLIC',
    );
    await platform.drop();
  });

  it('are closed by a superuser, who makes databases as well', async () => {
    const platform = await ProvisioningPlatform.create(server.superuserUrl, {
      INTERNAL_POSTGRES_URL: server.superuserUrl,
    });
    const tenantId = await platform.addTenant();
    const { id } = await platform.provisioner.provision(tenantId, 'test');
    for (const database of ['postgres', 'template1']) {
      expect(await refusalOf(query(await platform.tenantUrl(id, database), 'SELECT 1')), database).toBe(
        '42501',
      );
    }
    const { databaseName } = await platform.row(id);
    await platform.provisioner.retire(id);
    expect(await platform.onServer(databaseName)).toEqual({ databases: 0, roles: 0 });
    await platform.central.close();
  });
});

describe('a database of the queues’ own', () => {
  it('is entered by no tenant', async () => {
    const platform = await ProvisioningPlatform.create(server.superuserUrl, {
      INTERNAL_POSTGRES_URL: server.superuserUrl,
    });
    const owner = decodeURIComponent(new URL(platform.databases.centralUrl).username);
    await query(server.superuserUrl, `CREATE DATABASE nova_queues_apart OWNER ${owner}`);
    const url = new URL(platform.databases.centralUrl);
    url.pathname = '/nova_queues_apart';
    const queue = { backend: 'postgres', url: url.href, poolSize: 6 } as const;
    await preparePlatform({ ...platform.config, queue });

    const { id } = await platform.provisioner.provision(await platform.addTenant(), 'test');
    const visit = query(await platform.tenantUrl(id, 'nova_queues_apart'), 'SELECT 1');
    expect(await refusalOf(visit)).toBe('42501');
    await platform.central.close();
  });
});
