import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '@nova/core/platform/embedded/embedded-postgres.js';
import { preparePlatformRoles } from '@nova/core/platform/embedded/platform-roles.js';
import { processStart } from '@nova/core/platform/embedded/process-identity.js';
import { loadSecrets } from '@nova/core/platform/embedded/secrets.js';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { asSuperuser } from '../support/central-database.js';

let initialised: string;
let dataDir: string;
let running: EmbeddedPostgres[];

// To initialise a cluster takes as long as the rest of a test: each has a copy, with its owner and modes.
beforeAll(async () => {
  initialised = await mkdtemp(path.join(tmpdir(), 'nova-embedded-'));
  await (await startEmbeddedPostgres({ dataDir: initialised })).stop();
});
afterAll(() => rm(initialised, { recursive: true, force: true }));

beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'nova-embedded-'));
  await promisify(execFile)('cp', ['-a', `${initialised}/.`, dataDir]);
  running = [];
});

afterEach(async () => {
  for (const server of running) await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(port?: number): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, ...(port ? { port } : {}) });
  running.push(server);
  return server;
}

const write = (server: EmbeddedPostgres, sql: string) =>
  asSuperuser(server.superuserUrl, async (client) => (await client.query(sql)).rows);

const isAlive = async (pid: number) => (await processStart(pid)) !== null;

/** The server as a killed start leaves it: alive, and nobody's child. */
async function orphan(): Promise<number> {
  const entry = path.resolve(
    import.meta.dirname,
    '../../apps/core/dist/platform/embedded/embedded-postgres.js',
  );
  const script = `const { startEmbeddedPostgres } = await import(${JSON.stringify(entry)});
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)} });
    console.log(server.pid);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill('SIGKILL');
  await once(child, 'exit');
  return Number(line.toString());
}

describe('the embedded PostgreSQL', () => {
  it('keeps what was written over a stop, on the same port, and leaves no process behind', async () => {
    const first = await start();
    await write(first, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
    await first.stop();
    expect(await isAlive(first.pid)).toBe(false);
    const second = await start();
    expect(second.port).toBe(first.port);
    expect(await write(second, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('lets nobody in without the password', async () => {
    const server = await start();
    const url = new URL(server.superuserUrl);
    url.password = 'guess';
    await expect(new pg.Client({ connectionString: url.href }).connect()).rejects.toMatchObject({
      code: '28P01',
    });
    const [setting] = await write(server, 'SHOW password_encryption');
    expect(setting).toEqual({ password_encryption: 'scram-sha-256' });
    const file = await stat(path.join(dataDir, 'postgres/data'));
    expect(file.mode & 0o777).toBe(0o700);
  });

  it('loses nothing that was committed when it is killed', async () => {
    const first = await start();
    await write(first, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)');
    process.kill(first.pid, 'SIGKILL');
    await first.ended;
    const second = await start(first.port);
    expect(second.port).toBe(first.port);
    expect(await write(second, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  });

  it('ends the server that a killed start left running on this folder', async () => {
    const left = await orphan();
    expect(await isAlive(left)).toBe(true);
    const server = await start();
    expect(await isAlive(left)).toBe(false);
    expect(server.pid).not.toBe(left);
  });

  it('leaves another program alone that was given the number of an earlier server', async () => {
    await (await start()).stop();
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const lockFile = path.join(dataDir, 'postgres/data/postmaster.pid');
    await writeFile(lockFile, `${bystander.pid}\n${dataDir}\n1\n15432\n\n127.0.0.1\n`);
    await start();
    expect(await isAlive(bystander.pid ?? 0)).toBe(true);
    bystander.kill('SIGKILL');
  });

  it('moves on when its port is busy, and stays there', async () => {
    const first = await start();
    await first.stop();
    const other = createServer().listen(first.port, '127.0.0.1');
    await once(other, 'listening');
    expect((other.address() as AddressInfo).port).toBe(first.port);
    const second = await start();
    expect(second.port).not.toBe(first.port);
    await second.stop();
    other.close();
    expect((await start()).port).toBe(second.port);
  });

  it('begins again after an initialisation that was cut off', async () => {
    await (await start()).stop();
    await rm(path.join(dataDir, 'postgres/initialised'));
    const server = await start();
    expect(await write(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('gives the platform an administrator and an owner of central who are no superusers', async () => {
    const server = await start();
    const { postgres } = await loadSecrets(dataDir);
    const urls = await preparePlatformRoles(server.superuserUrl, postgres);
    expect(await preparePlatformRoles(server.superuserUrl, postgres)).toEqual(urls);
    const roles = await write(
      server,
      `SELECT rolname, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname LIKE 'nova%' ORDER BY 1`,
    );
    expect(roles).toEqual([
      { rolname: 'nova_admin', rolsuper: false, rolcreatedb: true, rolcreaterole: true },
      { rolname: 'nova_central', rolsuper: false, rolcreatedb: false, rolcreaterole: false },
    ]);
    // The administrator of tenants has no business in central, and central's owner none beside it.
    const admin = new URL(urls.INTERNAL_POSTGRES_URL);
    admin.pathname = '/nova_central';
    await expect(new pg.Client({ connectionString: admin.href }).connect()).rejects.toMatchObject({
      code: '42501',
    });
    const central = new URL(urls.CENTRAL_DATABASE_URL);
    central.pathname = '/postgres';
    await expect(new pg.Client({ connectionString: central.href }).connect()).rejects.toMatchObject({
      code: '42501',
    });
  });
});
