import { copyFile, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { BackupBench } from '../support/backup-bench.js';
import { asSuperuser } from '../support/central-database.js';
import type { TestTenant } from '../support/nova.js';
import { PACKAGED_POSTGRES } from '../support/packaged-postgres.js';

if (PACKAGED_POSTGRES === null) {
  console.log('Backups are not tested: this machine has no packaged PostgreSQL with pg_dump.');
}

describe.skipIf(PACKAGED_POSTGRES === null)('a backup of a tenant', () => {
  let bench: BackupBench;
  let acme: TestTenant;
  let zuri: TestTenant;
  let file: string;

  beforeAll(async () => {
    bench = await BackupBench.start(PACKAGED_POSTGRES ?? '');
    file = path.join(bench.folder, 'acme.dump');
    acme = await bench.tenant('acme-backup', 3);
    zuri = await bench.tenant('zuri-backup', 1);
  });
  afterAll(() => bench?.stop());

  const run = (...args: string[]) => bench.run(...args);
  const json = (...args: string[]) => bench.json(...args);

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
    expect((await readdir(bench.folder)).filter((name) => name.includes('unfinished'))).toEqual([]);
  });

  it('brings a database back that was dropped with its role, with every row and right', async () => {
    const [before, others, row] = [
      await bench.invoices(acme),
      await bench.invoices(zuri),
      await bench.rowOf(acme),
    ];
    await asSuperuser(bench.server.superuserUrl, async (client) => {
      await client.query(`DROP DATABASE ${row.databaseName} WITH (FORCE)`);
      await client.query(`DROP ROLE ${row.roleName}`);
    });
    expect(await json('restore', 'acme-backup', '--from', file, '--yes')).toMatchObject({
      mode: 'test',
      findings: [],
      resumed: false,
    });
    await bench.isServed(acme);
    expect(await bench.invoices(acme)).toEqual(before);
    expect(await bench.invoices(zuri)).toEqual(others);
    expect((await run('verify', 'acme-backup')).code).toBe(0);
    await bench.bill(acme);
    expect(await bench.invoices(acme)).toHaveLength(4);
    expect((await bench.rowOf(acme)).id).toBe(row.id);
    expect(await bench.databasesLike(row)).toEqual([row.databaseName]);
    const actions = await bench.db.auditEntry.findMany({
      where: { tenantId: acme.tenantId, actorType: 'operator' },
    });
    expect(actions.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['tenant.backed_up', 'tenant.restored']),
    );
  });

  it('gives a restored database the rights and limits that the template gives', async () => {
    const rights = (tenant: TestTenant) =>
      bench.inside(tenant, async (client) => {
        const tables = await client.query(
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
        return { tables: tables.rows, defaults: defaults.rows, limits: limits.rows };
      });
    expect(await rights(acme)).toEqual(await rights(zuri));
  });

  it('is put in the place of one that goes on, which is kept when that is wished for', async () => {
    const row = await bench.rowOf(acme);
    const restored = await json('restore', 'acme-backup', '--from', file, '--keep-old', '--yes');
    expect(restored.oldDatabase).toMatch(/_old$/);
    await bench.isServed(acme);
    expect(await bench.invoices(acme)).toHaveLength(3);
    expect(await bench.databasesLike(row)).toHaveLength(2);
    expect(await bench.databasesLike(row)).toContain(restored.oldDatabase);
    expect(await run('restore', 'acme-backup', '--from', file, '--yes')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('--drop-old'),
    });
    expect(await json('restore', 'acme-backup', '--drop-old', '--yes')).toEqual({
      dropped: [restored.oldDatabase],
    });
    await bench.isServed(acme);
  });

  it('is refused when it is damaged, another’s, of the other mode, or lacks its manifest', async () => {
    const damaged = path.join(bench.folder, 'damaged.dump');
    const bytes = await readFile(file);
    bytes[bytes.length - 100]! ^= 1;
    await writeFile(damaged, bytes);
    const from = (name: string, ...more: string[]) =>
      run('restore', 'acme-backup', '--yes', '--from', name, ...more);
    expect(await from(damaged)).toMatchObject({ code: 3 });
    await copyFile(`${file}.json`, `${damaged}.json`);
    expect(await from(damaged)).toMatchObject({ code: 5, stderr: expect.stringContaining('damaged') });
    expect(await from(file, '--mode', 'live')).toMatchObject({ code: 5 });
    expect(await from(`${bench.folder}/nowhere`)).toMatchObject({ code: 3 });
    const foreign = path.join(bench.folder, 'zuri.dump');
    await json('backup', 'zuri-backup', '--out', foreign);
    expect(await from(foreign)).toMatchObject({ code: 5, stderr: expect.stringContaining('zuri-backup') });
    expect((await run('restore', 'acme-backup', '--from', file)).code).toBe(2);
    expect((await run('restore', 'acme-backup', '--yes')).code).toBe(2);
    expectStatus(await acme.api.get('/customers'), 200);
  });

  it('is refused when its books are wrong, and the tenant goes on with what it had', async () => {
    const row = await bench.rowOf(zuri);
    const spoil = (sql: string) =>
      bench.inside(zuri, (client) => client.query(`SET session_replication_role = replica; ${sql}`));
    await spoil('UPDATE invoice_lines SET amount = amount + 1');
    const wrong = path.join(bench.folder, 'wrong.dump');
    await json('backup', 'zuri-backup', '--out', wrong);
    await spoil('UPDATE invoice_lines SET amount = amount - 1');
    const refused = await run('restore', 'zuri-backup', '--from', wrong, '--yes');
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining('--accept-findings') });
    await bench.isServed(zuri);
    expect(await bench.databasesLike(row)).toEqual([row.databaseName]);
    expect((await run('verify', 'zuri-backup')).code).toBe(0);
  });

  it('needs programs that are not older than the server', async () => {
    const { code, stderr } = await bench.process(
      ['backup', 'acme-backup', '--out', `${bench.folder}/x.dump`],
      null,
      {
        NOVA_PG_BIN: bench.folder,
      },
    );
    expect(code).toBe(5);
    expect(stderr).toContain('NOVA_PG_BIN');
  });

  it.each(['restore', 'open'])(
    'is restored by the same call again after it was killed at “%s”',
    async (step) => {
      await bench.bill(acme);
      const args = ['restore', 'acme-backup', '--from', file, '--yes'];
      expect(await bench.process(args, step)).toMatchObject({ signal: 'SIGKILL' });
      await json(...args);
      await bench.isServed(acme);
      expect(await bench.invoices(acme)).toHaveLength(3);
      expect((await run('verify', 'acme-backup')).code).toBe(0);
    },
  );
});
