import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '@nova/core/platform/embedded/embedded-postgres.js';
import { newId } from '@nova/core/platform/ids/new-id.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { TenantProvisioner } from '@nova/core/tenancy/provisioning/tenant-provisioner.js';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { asSuperuser } from '../support/central-database.js';
import { runCommand } from '../support/nova-command.js';
import { type Nova, startNova } from '../support/nova.js';

let nova: Nova;
let second: EmbeddedPostgres;
let folder: string;
let adminUrl: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nova-second-'));
  [nova, second] = await Promise.all([
    startNova({ processors: 'none' }),
    startEmbeddedPostgres({ dataDir: folder, settings: { fsync: 'off' } }),
  ]);
  adminUrl = await addRole('nova_admin', 'CREATEDB CREATEROLE');
});
afterAll(async () => {
  await nova.stop();
  await second.stop();
  await rm(folder, { recursive: true, force: true });
});

async function addRole(name: string, rights: string): Promise<string> {
  await asSuperuser(second.superuserUrl, (client) =>
    client.query(`CREATE ROLE ${name} LOGIN ${rights} PASSWORD 'nova-secret'`),
  );
  const url = new URL(second.superuserUrl);
  [url.username, url.password] = [name, 'nova-secret'];
  return url.href;
}

const db = () => nova.app.get(CentralDatabase, { strict: false }).db;
const run = (...args: string[]) => runCommand(nova, 'servers', ...args);
const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await run(...args, '--json');
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
};
const refusal = async (...args: string[]) => {
  const { code, stderr } = await run(...args);
  return { code, stderr };
};

/** The name of the server that a tenant's live database goes to. */
async function placedOn(tenantId: string): Promise<string> {
  const { id } = await nova.app.get(TenantProvisioner, { strict: false }).provision(tenantId, 'live');
  const row = await db().tenantDatabase.findUniqueOrThrow({ where: { id }, include: { server: true } });
  return row.server.name;
}

async function addTenant(region: string | null): Promise<string> {
  const id = newId('ten');
  await db().tenant.create({ data: { id, slug: id, name: 'Acme', status: 'suspended', region } });
  return id;
}

describe('nova servers', () => {
  it('adds a second server, and makes databases there that are served', async () => {
    const added = await json(
      'add',
      'second',
      '--admin-url',
      adminUrl,
      '--region',
      'lagos',
      '--weight',
      '300',
    );
    expect(added).toMatchObject({
      name: 'second',
      state: 'open',
      region: 'lagos',
      weight: 300,
      pooler: null,
    });
    const tenant = await nova.tenant();
    expectStatus(await tenant.api.post('/customers', { name: 'Ada', currency: 'NGN' }), 201);
    const listed = await json('list');
    expect(listed).toMatchObject([
      { name: 'default', databases: 0 },
      { name: 'second', databases: 1 },
    ]);
    const { stdout } = await run('list');
    expect(stdout).toMatch(/second +open/);
    expect(stdout + JSON.stringify(listed)).not.toContain('nova-secret');
  });

  it('knows a server again, by its name, its address and itself', async () => {
    expect(await refusal('add', 'second', '--admin-url', adminUrl)).toMatchObject({ code: 5 });
    expect(await refusal('add', 'third', '--admin-url', adminUrl)).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('second'),
    });
    const alias = adminUrl.replace('127.0.0.1', 'localhost');
    expect(await refusal('add', 'third', '--admin-url', alias)).toMatchObject({ code: 5 });
    const first = inject('postgresUrl').replace('127.0.0.1', 'localhost');
    expect((await refusal('add', 'third', '--admin-url', first)).stderr).toContain('default');
  });

  it('refuses one that cannot be entered, or whose administrator may too little', async () => {
    const wrong = await refusal('add', 'third', '--admin-url', adminUrl.replace('nova-secret', 'nova-wrong'));
    expect(wrong).toMatchObject({ code: 75 });
    expect(wrong.stderr).not.toContain('nova-wrong');
    const weak = await addRole('nova_weak', 'CREATEDB');
    expect(await refusal('add', 'third', '--admin-url', weak)).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('CREATEROLE'),
    });
    expect(await db().databaseServer.count()).toBe(2);
  });

  it('finishes an addition that was cut off', async () => {
    await db().databaseServer.updateMany({ where: { name: 'second' }, data: { state: 'draining' } });
    const { id } = await db().databaseServer.findUniqueOrThrow({ where: { name: 'default' } });
    const rows = await db().tenantDatabase.findMany();
    await db().tenantDatabase.updateMany({ where: {}, data: { serverId: id } });
    expect(await json('add', 'second', '--admin-url', adminUrl)).toMatchObject({
      state: 'open',
      weight: 300,
    });
    for (const row of rows) {
      await db().tenantDatabase.update({ where: { id: row.id }, data: { serverId: row.serverId } });
    }
  });

  it('places by region, room, weight and state, and says why it cannot', async () => {
    const [anywhere, lagos, tenantOfDefault] = [
      await addTenant(null),
      await addTenant('lagos'),
      await addTenant('default'),
    ];
    expect(await placedOn(tenantOfDefault)).toBe('default');
    expect(await placedOn(lagos)).toBe('second');
    await json('set', 'second', '--capacity', '2');
    expect(await placedOn(anywhere)).toBe('default');
    const late = await addTenant('lagos');
    await expect(placedOn(late)).rejects.toMatchObject({ definition: { code: 'no_database_server' } });
    await json('set', 'second', '--capacity', 'none');
    expect(await json('drain', 'second')).toMatchObject({ state: 'draining' });
    await expect(placedOn(late)).rejects.toThrow('in the tenant’s region');
    expect(await json('open', 'second')).toMatchObject({ state: 'open' });
    expect(await placedOn(late)).toBe('second');
  });

  it('keeps the last place for one of two who come at once', async () => {
    await json('set', 'second', '--capacity', '4');
    const both = await Promise.allSettled([
      placedOn(await addTenant('lagos')),
      placedOn(await addTenant('lagos')),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('refuses what would strand databases, and what the settings say', async () => {
    expect(await refusal('close', 'second')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('4 tenant databases'),
    });
    expect(await refusal('remove', 'second', '--yes')).toMatchObject({ code: 5 });
    expect(await refusal('set', 'second', '--region', 'abuja')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('region lagos'),
    });
    expect(await refusal('set', 'second', '--admin-url', inject('postgresUrl'))).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('lacks'),
    });
    expect((await refusal('set', 'default', '--admin-url', adminUrl)).stderr).toContain(
      'INTERNAL_POSTGRES_URL',
    );
    expect((await refusal('set', 'default', '--pooler', 'none')).stderr).toContain('TENANT_POOLER_URL');
    expect(await refusal('remove', 'default', '--yes')).toMatchObject({ code: 5 });
  });

  it('closes and removes what nothing is on, and has it all on record', async () => {
    const { adminUrlSealed } = await db().databaseServer.findUniqueOrThrow({ where: { name: 'second' } });
    await db().databaseServer.create({
      data: { id: newId('srv'), name: 'empty', host: 'nowhere.invalid', port: 5432, adminUrlSealed },
    });
    expect(await json('close', 'empty')).toMatchObject({ state: 'closed' });
    expect(await json('remove', 'empty', '--yes')).toEqual({ removed: 'empty' });
    const entries = await db().auditEntry.findMany({ where: { targetType: 'database_server' } });
    expect(new Set(entries.map(({ action }) => action))).toEqual(
      new Set(['added', 'updated', 'drained', 'removed'].map((kind) => `database_server.${kind}`)),
    );
    expect(JSON.stringify(entries)).not.toMatch(/secret|sealed/i);
  });

  it.each([
    [['add', 'third'], 2],
    [['add', 'Third!', '--admin-url', 'postgres://x@y/z'], 2],
    [['add', 'third', '--admin-url', 'https://example.com'], 2],
    [['set', 'second'], 2],
    [['set', 'second', '--pooler', 'nonsense'], 2],
    [['set', 'nowhere', '--weight', '1'], 3],
    [['drain', 'nowhere'], 3],
    [['remove', 'second'], 2],
    [['add', '--help'], 0],
  ])('%j ends with exit code %i', async (args, code) => {
    expect((await run(...args)).code).toBe(code);
  });
});
