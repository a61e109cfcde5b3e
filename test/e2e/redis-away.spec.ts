import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { systemClock } from '@nova/core/platform/clock/clock.js';
import { newId } from '@nova/core/platform/ids/new-id.js';
import { Sweeper } from '@nova/core/tenancy/dirty-marks/sweeper.js';
import { DueWorkIndex } from '@nova/core/tenancy/due-work/due-work-index.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  type BootedTenancy,
  eventually,
  type Handlers,
  POSTGRES_URL,
  query,
  TenancyBench,
  type TestDatabase,
} from '../integration/tenancy-platform.js';

const REDIS_IS_HERE = spawnSync('redis-server', ['--version']).status === 0;
if (!REDIS_IS_HERE) console.warn('The loss of Redis is not tested: redis-server is not installed.');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe.skipIf(!REDIS_IS_HERE)('when Redis is killed and comes back empty', () => {
  let port: number;
  let dir: string;
  let redis: ChildProcess;
  let bench: TenancyBench;
  let booted: BootedTenancy;
  let database: TestDatabase;
  const handlers: Handlers = {};

  const start = () => {
    redis = spawn('redis-server', ['--port', String(port), '--save', '', '--dir', dir], { stdio: 'ignore' });
  };
  const kill = async () => {
    redis.kill('SIGKILL');
    await once(redis, 'exit');
  };

  beforeAll(async () => {
    port = await freePort();
    dir = await mkdtemp(path.join(tmpdir(), 'nova-redis-'));
    start();
    bench = await TenancyBench.create(POSTGRES_URL, { REDIS_URL: `redis://127.0.0.1:${port}` });
    database = await bench.addTenant();
    booted = await bench.boot({ handlers, processors: true });
  });
  afterAll(async () => {
    await bench.drop();
    await kill();
    await rm(dir, { recursive: true, force: true });
  });

  it('writes go on, and everything that was committed is done', async () => {
    const done = new Set<string>();
    handlers['invoices.collect'] = async (_ctx, payload) => {
      done.add((payload as { invoiceId: string }).invoiceId);
    };
    handlers['billing.run'] = async (ctx) => void (await ctx.db.$executeRaw`DELETE FROM due_items`);
    const write = async () => {
      const invoiceId = newId('inv');
      await booted.run(database, (ctx) =>
        ctx.transaction((tx) => tx.enqueue('invoices.collect', { invoiceId })),
      );
      return invoiceId;
    };
    const written = [await write()];
    await eventually(() => done.size === 1);

    await kill();
    const started = performance.now();
    for (let n = 0; n < 5; n++) written.push(await write());
    expect(performance.now() - started).toBeLessThan(2_000);
    await query(database.url, `INSERT INTO due_items (kind, due_at) VALUES ('billing', '2020-01-01')`);
    await booted
      .get(DueWorkIndex)
      .note(database.databaseId, systemClock, new Map([['billing', new Date(0)] as const]));
    // Long enough for the relay to give up: its rows are then the sweeper's.
    await booted.settled();
    start();
    await bench.central.query(`UPDATE dirty_marks SET lease_until = now() - interval '1 s'`);
    // A look that came before Redis was up again is followed by another a quarter of a minute later.
    await eventually(
      async () => {
        await booted.get(Sweeper).sweep();
        return written.every((id) => done.has(id));
      },
      'every committed job is done',
      45_000,
    );
    await eventually(
      async () => (await query(database.url, 'SELECT id FROM outbox')).length === 0,
      'the outbox is empty',
    );
    await eventually(
      async () => (await query(database.url, 'SELECT id FROM due_items')).length === 0,
      'due work is done',
      20_000,
    );
  }, 120_000);

  it('the process stops in time even while Redis is away', async () => {
    const stopping = await bench.boot({ handlers, processors: true });
    await kill();
    const started = performance.now();
    await stopping.close();
    expect(performance.now() - started).toBeLessThan(10_000);
    start();
  }, 30_000);
});
