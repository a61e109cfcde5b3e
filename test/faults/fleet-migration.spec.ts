import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import path from 'node:path';

import { newId } from '@nova/core/platform/ids/new-id.js';
import {
  loadBuildMigrations,
  oldestServedVersion,
  requiredTenantVersion,
} from '@nova/core/tenancy/migrator/schema-versions.js';
import { openKeyRing } from '@nova/core/tenancy/keys/key-ring.js';
import { withCentralClient } from '@nova/core/tenancy/prepare-platform.js';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';

import {
  addTenants,
  createFleetPlatform,
  type FleetPlatform,
  type FleetTenant,
  within,
} from '../support/small-fleet.js';
import { REPOSITORY } from '../support/source-files.js';

const TENANTS = 100;

let platform: FleetPlatform;
let tenants: FleetTenant[];
const processes: ChildProcess[] = [];

beforeAll(async () => {
  platform = await createFleetPlatform(inject('postgresUrl'));
  const old = (await loadBuildMigrations()).tenant.filter(({ name }) => name <= oldestServedVersion());
  tenants = await addTenants(platform, TENANTS, old);
});
afterEach(() => processes.forEach((child) => child.kill('SIGKILL')));
afterAll(() => platform.databases.drop());

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** `nova migrate …` from the built files, in a process of its own. */
function nova(...args: string[]): { child: ChildProcess; err: () => string; ended: Promise<Ended> } {
  const child = spawn(
    process.execPath,
    [path.join(REPOSITORY, 'apps/cli/dist/main.js'), 'migrate', ...args],
    {
      env: { PATH: process.env['PATH'], ...platform.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  processes.push(child);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out, err }));
  return { child, err: () => err, ended };
}

const inCentral = <R extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<R[]> =>
  withCentralClient(platform.config, async (central) => (await central.query<R>(text, values)).rows);

/** How far each database is by its own history, and whether its tables tell the same. */
async function truth(): Promise<{ old: number; migrated: number; half: string[] }> {
  const seen = { old: 0, migrated: 0, half: [] as string[] };
  for (const { databaseName } of tenants) {
    const found = await within(platform.databases.adminUrl, databaseName, async (client) => {
      const { rows } = await client.query<{
        finished: number;
        begun: number;
        tables: number;
        triggers: number;
      }>(
        `SELECT (SELECT count(*)::int FROM _prisma_migrations WHERE finished_at IS NOT NULL) AS finished,
                (SELECT count(*)::int FROM _prisma_migrations) AS begun,
                (SELECT count(*)::int FROM pg_tables WHERE tablename IN ('audit_log', 'request_log')) AS tables,
                (SELECT count(*)::int FROM pg_trigger WHERE tgname = 'customers_audit') AS triggers`,
      );
      return rows[0];
    });
    const { finished = 0, begun = 0, tables = 0, triggers = 0 } = found ?? {};
    const all = (await loadBuildMigrations()).tenant.length;
    if (finished === all && begun === all && tables === 2 && triggers === 1) seen.migrated += 1;
    else if (finished === 2 && begun === 2 && tables === 0 && triggers === 0) seen.old += 1;
    // Between two migrations is a place where a database may stand; within one is not.
    else if (begun !== finished || tables !== 2) seen.half.push(`${databaseName} ${JSON.stringify(found)}`);
    else seen.old += 1;
  }
  return seen;
}

const migratedCount = async () =>
  (
    await inCentral<{ count: number }>(
      `SELECT count(*)::int FROM migration_results
        WHERE status = 'succeeded' AND attempts > 0 AND phase = 'rest'`,
    )
  )[0]?.count ?? 0;

async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('Waited in vain.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function startAndWaitFor(count: number, ...args: string[]) {
  const before = await migratedCount();
  const run = nova(...args);
  await until(async () => (await migratedCount()) >= before + count);
  return run;
}

describe('migrating a hundred tenant databases', () => {
  it('that is killed in the middle leaves each whole, and is gone on with', async () => {
    const { child, ended } = await startAndWaitFor(15, '--all', '--concurrency', '2', '--json');
    child.kill('SIGKILL');
    expect((await ended).code).toBeNull();
    const after = await truth();
    expect(after.half).toEqual([]);
    expect(after.old, 'it was killed in the middle').toBeGreaterThan(10);

    const status = JSON.parse((await nova('status', '--json').ended).out);
    expect(status.stragglers.length).toBeGreaterThanOrEqual(after.old);
    expect(status.runs).toHaveLength(1);
  });

  it('refuses a second operator, and finishes what is under way on SIGTERM', async () => {
    const first = await startAndWaitFor(10, '--resume', '--concurrency', '1', '--json');
    const second = await nova('--all').ended;
    expect(second.code).toBe(5);
    expect(second.err).toContain('Another run of migrations is under way');
    first.child.kill('SIGTERM');
    const { code, out, err } = await first.ended;
    expect(code, err).toBe(6);
    const { run } = JSON.parse(out);
    expect(run).toMatchObject({ status: 'interrupted', counts: { failed: 0 } });
    expect(run.counts.left).toBeGreaterThan(0);
    expect(run.counts.succeeded + run.counts.left).toBe(TENANTS + 2);
    const [running] = await inCentral(`SELECT FROM migration_results WHERE status = 'running'`);
    expect(running).toBeUndefined();
  });

  it('fails for three of them and for nobody else, and tries those again', async () => {
    const sabotaged = await inCentral<{ name: string; id: string }>(
      `SELECT d.database_name AS name, d.id FROM migration_results r JOIN tenant_databases d ON d.id = r.tenant_database_id
          WHERE r.status = 'pending' ORDER BY d.id DESC LIMIT 3`,
    );
    expect(sabotaged).toHaveLength(3);
    const inEach = async (sql: string) => {
      for (const { name } of sabotaged)
        await within(platform.databases.adminUrl, name, (client) => client.query(sql));
    };
    await inEach('CREATE TABLE request_log (other text)');
    const { code, out } = await nova('--resume', '--json').ended;
    expect(code).toBe(4);
    const { run, status } = JSON.parse(out);
    expect(run).toMatchObject({
      status: 'failed',
      counts: { succeeded: TENANTS + 2 - 3, failed: 3, left: 0 },
    });
    const ids = (list: { databaseId: string }[]) => list.map(({ databaseId }) => databaseId).sort();
    expect(ids(status.stragglers)).toEqual(sabotaged.map(({ id }) => id).sort());
    for (const { error } of status.stragglers) expect(error).toContain('"request_log" already exists');

    await inEach('DROP TABLE request_log');
    const again = await nova('--retry-failed').ended;
    expect(again.code, again.err).toBe(0);
    expect(await truth()).toEqual({ old: 0, migrated: TENANTS, half: [] });
    const results = await inCentral<{ tenant_database_id: string }>(
      `SELECT tenant_database_id FROM migration_results WHERE status = 'succeeded' AND to_version = $1 AND phase = 'rest'`,
      [requiredTenantVersion()],
    );
    expect(results.map((row) => row.tenant_database_id).sort()).toEqual(
      tenants.map(({ databaseId }) => databaseId).sort(),
    );
    expect((await nova('--resume').ended).code, 'nothing is left').toBe(5);
    expect((await nova('--resume', 'mrun_nobody').ended).code).toBe(3);
    expect((await nova('--all', '--only', 'nobody').ended).code).toBe(3);
  });
});

describe('a server that does not answer', () => {
  let hole: Server;
  let hungId: string;

  beforeAll(async () => {
    // It takes connections and says nothing, ever.
    hole = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(hole, 'listening');
    const address = hole.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const serverId = newId('srv');
    await withCentralClient(platform.config, async (central) => {
      const ring = await openKeyRing(central, platform.config);
      const sealed = await ring.seal(`postgres://nobody:x@127.0.0.1:${port}/postgres`, serverId);
      await central.query(
        `INSERT INTO database_servers (id, name, host, port, state, admin_url_sealed)
         VALUES ($1, 'hole', '127.0.0.1', $2, 'closed', $3)`,
        [serverId, port, sealed],
      );
      hungId = tenants[50]?.databaseId ?? '';
      await central.query('UPDATE tenant_databases SET server_id = $2 WHERE id = $1', [hungId, serverId]);
    });
  });
  afterAll(() => {
    hole.close();
  });

  it('fails its own tenants in bounded time, and keeps nobody else waiting', async () => {
    const begun = performance.now();
    let othersDoneMs = 0;
    const run = nova('--all', '--verify', '--concurrency', '4', '--json');
    await until(async () => {
      const [row] = await inCentral<{ done: number }>(
        `SELECT count(*)::int AS done FROM migration_results r
          WHERE status = 'succeeded' AND phase = 'rest' AND run_id = (SELECT id FROM migration_runs ORDER BY started_at DESC LIMIT 1)
            AND attempts > 0 AND EXISTS (SELECT FROM migration_runs m WHERE m.id = r.run_id AND m.options ->> 'visit' = 'all')`,
      );
      othersDoneMs = performance.now() - begun;
      return row?.done === TENANTS - 1;
    });
    const { code, out } = await run.ended;
    expect(code).toBe(4);
    expect(performance.now() - begun, 'the hanging one was still waited for').toBeGreaterThan(othersDoneMs);
    const results = JSON.parse(out).run.results as { id: string; status: string; error: string }[];
    const failed = results.filter(({ status }) => status === 'failed');
    expect(failed).toMatchObject([
      { id: hungId, error: expect.stringContaining('Its server hole') as string },
    ]);
  });

  it('is known to a dry run, which changes nothing', async () => {
    const before = await inCentral('SELECT id, status FROM migration_runs ORDER BY id');
    const { code, out } = await nova('--dry-run', '--verify', '--json').ended;
    expect(code).toBe(4);
    expect(JSON.parse(out).databases).toMatchObject([
      { id: hungId, problem: expect.stringContaining('Its server hole') as string },
    ]);
    expect(await inCentral('SELECT id, status FROM migration_runs ORDER BY id')).toEqual(before);
  });
});
