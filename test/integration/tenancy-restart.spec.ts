import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '@nova/core/platform/embedded/embedded-postgres.js';
import { newId } from '@nova/core/platform/ids/new-id.js';
import { ChangeListener } from '@nova/core/tenancy/central/changes.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  type BootedTenancy,
  eventually,
  type Handlers,
  query,
  TenancyBench,
  type TestDatabase,
} from './tenancy-platform.js';

let dataDir: string;
let server: EmbeddedPostgres;
let bench: TenancyBench;
let booted: BootedTenancy;
let database: TestDatabase;
const handlers: Handlers = {};

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'nova-restart-'));
  server = await startEmbeddedPostgres({ dataDir });
  bench = await TenancyBench.create(server.superuserUrl);
  database = await bench.addTenant();
  booted = await bench.boot({ handlers, processors: true });
});
afterAll(async () => {
  await bench.drop();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

describe('when PostgreSQL is killed and comes back', () => {
  it('nothing committed is lost, nothing stops for good, and the wait is not spent spinning', async () => {
    const unexpected: unknown[] = [];
    const onUnexpected = (error: unknown) => unexpected.push(error);
    process.on('uncaughtException', onUnexpected);
    process.on('unhandledRejection', onUnexpected);

    const done = new Set<string>();
    handlers['invoices.collect'] = async (ctx, payload) => {
      const { invoiceId } = payload as { invoiceId: string };
      await ctx.db.customer.count();
      await new Promise((resolve) => setTimeout(resolve, 20));
      done.add(invoiceId);
    };
    const committed: string[] = [];
    let writing = true;
    const writers = Array.from({ length: 3 }, async () => {
      while (writing) {
        const invoiceId = newId('inv');
        const written = booted.run(database, (ctx) =>
          ctx.transaction((tx) => tx.enqueue('invoices.collect', { invoiceId })),
        );
        await written.then(
          () => committed.push(invoiceId),
          () => new Promise((resolve) => setTimeout(resolve, 50)),
        );
      }
    });
    await eventually(() => done.size > 20, 'work is going on');

    process.kill(server.pid, 'SIGKILL');
    await server.ended;
    await eventually(() => !booted.get(ChangeListener).trusted(), 'the loss is noticed');
    const cpu = process.cpuUsage();
    const away = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const { user, system } = process.cpuUsage(cpu);
    expect((user + system) / 1_000 / (performance.now() - away)).toBeLessThan(0.7);
    server = await startEmbeddedPostgres({ dataDir, port: server.port });

    const back = performance.now();
    const before = committed.length;
    await eventually(() => committed.length > before, 'writes go on', 15_000);
    expect(performance.now() - back).toBeLessThan(10_000);
    await eventually(() => booted.get(ChangeListener).trusted(), 'changes are heard of again');
    await new Promise((resolve) => setTimeout(resolve, 500));
    writing = false;
    await Promise.all(writers);
    // What was relayed but lost its worker waits for its lock to expire; what was not relayed for the sweeper.
    await eventually(() => committed.every((id) => done.has(id)), 'every committed job is done', 120_000);
    // A job may have been done and its row not removed any more when the server was killed: the sweeper finds it out.
    const outboxIsEmpty = async () => (await query(database.url, 'SELECT FROM outbox')).length === 0;
    await eventually(outboxIsEmpty, 'the outbox has let go of every job', 120_000);
    expect(unexpected).toEqual([]);
    process.off('uncaughtException', onUnexpected);
    process.off('unhandledRejection', onUnexpected);
  }, 180_000);
});
