import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import type { TenantDatabase } from '@nova/prisma-central';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { asSuperuser, createPlatformDatabases, type PlatformDatabases } from '../support/central-database.js';
import { eventually } from '../support/eventually.js';
import { commandEnvironment, runCommand } from '../support/nova-command.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';
import { PACKAGED_POSTGRES, PackagedPostgres } from '../support/packaged-postgres.js';
import { REPOSITORY } from '../support/source-files.js';

if (PACKAGED_POSTGRES === null) {
  console.log('Backups are not tested: this machine has no packaged PostgreSQL with pg_dump.');
}

describe.skipIf(PACKAGED_POSTGRES === null)('a backup of a tenant', () => {
  let server: PackagedPostgres;
  let databases: PlatformDatabases;
  let nova: Nova;
  let acme: TestTenant;
  let zuri: TestTenant;
  let folder: string;
  let file: string;
  const asRoot = <T>(work: Parameters<typeof asSuperuser<T>>[1]) => asSuperuser(server.superuserUrl, work);

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'nova-backups-'));
    file = path.join(folder, 'acme.dump');
    server = await PackagedPostgres.start(PACKAGED_POSTGRES ?? '');
    databases = await createPlatformDatabases(server.superuserUrl);
    nova = await startNova({ databases, env: { TENANT_POOLER_URL: '', NOVA_DATA_DIR: folder } });
    [acme, zuri] = [await nova.tenant({ slug: 'acme-backup' }), await nova.tenant({ slug: 'zuri-backup' })];
    for (const tenant of [acme, zuri]) for (let n = 0; n < 3; n++) await bill(tenant);
    await nova.settle();
  });
  afterAll(async () => {
    await nova?.stop();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function bill({ api }: TestTenant): Promise<void> {
    const customer = expectStatus(await api.post('/customers', { name: 'Payer', currency: 'NGN' }), 201);
    const token = 'pm_sandbox_success';
    expectStatus(await api.post(`/customers/${customer.id}/payment-methods`, { token }), 201);
    const lines = [{ description: 'Work', quantity: '2', unitAmount: '250000' }];
    const draft = expectStatus(await api.post('/invoices', { customerId: customer.id, lines }), 201);
    expectStatus(await api.post(`/invoices/${draft.id}/finalize`), 200);
    expectStatus(await api.post(`/invoices/${draft.id}/pay`), 200);
  }

  const db = () => nova.app.get(CentralDatabase, { strict: false }).db;
  const rowOf = ({ tenantId }: TestTenant) => db().tenantDatabase.findFirstOrThrow({ where: { tenantId } });
  const run = (...args: string[]) => runCommand(nova, 'tenants', ...args);
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(...args, '--json');
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout);
  };
  const invoices = async ({ api }: TestTenant) =>
    expectStatus(await api.get('/invoices?limit=100'), 200).data as { number: string; status: string }[];
  const databasesLike = ({ id }: TenantDatabase) =>
    asRoot(async (client) => {
      const { rows } = await client.query<{ name: string }>(
        'SELECT datname AS name FROM pg_database WHERE datname LIKE $1 ORDER BY datname',
        [`%${id.slice(4)}%`],
      );
      return rows.map(({ name }) => name);
    });
  const isServed = (tenant: TestTenant) =>
    eventually(async () => expectStatus(await tenant.api.get('/customers'), 200), { withinMs: 5_000 });

  it('is written with a manifest, for nobody else to read, and never over another', async () => {
    const written = await json('backup', 'acme-backup', '--out', file);
    expect(written).toMatchObject({
      file,
      mode: 'test',
      tenant: { id: acme.tenantId },
      tables: expect.arrayContaining([expect.objectContaining({ table: 'invoices', rows: 3 })]),
    });
    for (const name of [file, `${file}.json`]) expect((await stat(name)).mode & 0o777).toBe(0o600);
    expect(await run('backup', 'acme-backup', '--out', file)).toMatchObject({ code: 5 });
    expect(await run('backup', 'acme-backup', '--mode', 'live', '--out', `${file}2`)).toMatchObject({
      code: 3,
    });
    expect((await readdir(folder)).filter((name) => name.includes('unfinished'))).toEqual([]);
  });

  it('brings a database back that was dropped with its role, with every row and right', async () => {
    const [before, others, row] = [await invoices(acme), await invoices(zuri), await rowOf(acme)];
    await asRoot(async (client) => {
      await client.query(`DROP DATABASE ${row.databaseName} WITH (FORCE)`);
      await client.query(`DROP ROLE ${row.roleName}`);
    });
    expect(await json('restore', 'acme-backup', '--from', file, '--yes')).toMatchObject({
      mode: 'test',
      findings: [],
      resumed: false,
    });
    await isServed(acme);
    expect(await invoices(acme)).toEqual(before);
    expect(await invoices(zuri)).toEqual(others);
    expect((await run('verify', 'acme-backup')).code).toBe(0);
    await bill(acme);
    await nova.settle();
    expect(await invoices(acme)).toHaveLength(4);
    expect((await rowOf(acme)).id).toBe(row.id);
    expect(await databasesLike(row)).toEqual([row.databaseName]);
    const actions = await db().auditEntry.findMany({
      where: { tenantId: acme.tenantId, actorType: 'operator' },
    });
    expect(actions.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['tenant.backed_up', 'tenant.restored']),
    );
  });

  it('gives a restored database the rights and limits that the template gives', async () => {
    const rights = (tenant: TestTenant) =>
      rowOf(tenant).then(({ databaseName }) => {
        const url = new URL(server.superuserUrl);
        url.pathname = `/${databaseName}`;
        return asSuperuser(url.href, async (client) => {
          const { rows } = await client.query(
            `SELECT c.relname, c.relkind, ARRAY(SELECT unnest(c.relacl)::text ORDER BY 1) AS acl, pg_get_userbyid(c.relowner) AS owner
               FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'S') ORDER BY c.relname`,
          );
          const defaults = await client.query(
            'SELECT defaclobjtype, defaclacl::text FROM pg_default_acl ORDER BY 1',
          );
          const limits = await client.query(
            `SELECT d.datconnlimit, d.datallowconn, s.setconfig, has_database_privilege('public', d.oid, 'CONNECT') AS open
               FROM pg_database d JOIN pg_db_role_setting s ON s.setdatabase = d.oid WHERE d.datname = current_database()`,
          );
          return { tables: rows, defaults: defaults.rows, limits: limits.rows };
        });
      });
    expect(await rights(acme)).toEqual(await rights(zuri));
  });

  it('is put in the place of one that goes on, which is kept when that is wished for', async () => {
    const row = await rowOf(acme);
    const restored = await json('restore', 'acme-backup', '--from', file, '--keep-old', '--yes');
    expect(restored.oldDatabase).toMatch(/_old$/);
    await isServed(acme);
    expect(await invoices(acme)).toHaveLength(3);
    expect(await databasesLike(row)).toHaveLength(2);
    expect(await databasesLike(row)).toContain(restored.oldDatabase);
    expect(await run('restore', 'acme-backup', '--from', file, '--yes')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('--drop-old'),
    });
    expect(await json('restore', 'acme-backup', '--drop-old', '--yes')).toEqual({
      dropped: [restored.oldDatabase],
    });
    await isServed(acme);
  });

  it('is refused when it is damaged, another’s, of the other mode, or lacks its manifest', async () => {
    const damaged = path.join(folder, 'damaged.dump');
    const bytes = await readFile(file);
    bytes[bytes.length - 100]! ^= 1;
    await writeFile(damaged, bytes);
    const from = (name: string, ...more: string[]) =>
      run('restore', 'acme-backup', '--yes', '--from', name, ...more);
    expect(await from(damaged)).toMatchObject({ code: 3 });
    await copyFile(`${file}.json`, `${damaged}.json`);
    expect(await from(damaged)).toMatchObject({ code: 5, stderr: expect.stringContaining('damaged') });
    expect(await from(file, '--mode', 'live')).toMatchObject({ code: 5 });
    expect(await from(`${folder}/nowhere`)).toMatchObject({ code: 3 });
    const foreign = path.join(folder, 'zuri.dump');
    await json('backup', 'zuri-backup', '--out', foreign);
    expect(await from(foreign)).toMatchObject({ code: 5, stderr: expect.stringContaining('zuri-backup') });
    expect((await run('restore', 'acme-backup', '--from', file)).code).toBe(2);
    expect((await run('restore', 'acme-backup', '--yes')).code).toBe(2);
    expectStatus(await acme.api.get('/customers'), 200);
  });

  it('is refused when its books are wrong, and the tenant goes on with what it had', async () => {
    const row = await rowOf(zuri);
    const url = new URL(server.superuserUrl);
    url.pathname = `/${row.databaseName}`;
    const spoil = (sql: string) =>
      asSuperuser(url.href, (client) => client.query(`SET session_replication_role = replica; ${sql}`));
    await spoil('UPDATE invoice_lines SET amount = amount + 1');
    const wrong = path.join(folder, 'wrong.dump');
    await json('backup', 'zuri-backup', '--out', wrong);
    await spoil('UPDATE invoice_lines SET amount = amount - 1');
    const refused = await run('restore', 'zuri-backup', '--from', wrong, '--yes');
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining('--accept-findings') });
    await isServed(zuri);
    expect(await databasesLike(row)).toEqual([row.databaseName]);
    expect((await run('verify', 'zuri-backup')).code).toBe(0);
  });

  it('needs programs that are not older than the server', async () => {
    const { code, stderr } = await cli(['backup', 'acme-backup', '--out', `${folder}/x.dump`], null, {
      NOVA_PG_BIN: folder,
    });
    expect(code).toBe(5);
    expect(stderr).toContain('NOVA_PG_BIN');
  });

  it.each(['close', 'restore', 'check', 'switch', 'open', 'drop the old database'])(
    'is restored by the same call again after it was killed at “%s”',
    async (step) => {
      await bill(acme);
      await nova.settle();
      const args = ['restore', 'acme-backup', '--from', file, '--yes'];
      expect(await cli(args, step)).toMatchObject({ signal: 'SIGKILL' });
      await json(...args);
      await isServed(acme);
      expect(await invoices(acme)).toHaveLength(3);
      expect((await run('verify', 'acme-backup')).code).toBe(0);
      const row = await rowOf(acme);
      expect(await databasesLike(row)).toEqual([row.databaseName]);
    },
  );

  /** `nova tenants …` in a process of its own, killed when it says that it begins `killAt`. */
  async function cli(args: string[], killAt: string | null, env: Record<string, string> = {}) {
    const program = path.join(REPOSITORY, 'apps/cli/dist/main.js');
    const child = spawn(process.execPath, [program, 'tenants', ...args], {
      env: { PATH: process.env['PATH'], ...commandEnvironment(nova), ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (killAt !== null && stderr.includes(`… ${killAt}\n`)) child.kill('SIGKILL');
    });
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    return { code, signal, stderr };
  }
});
