import { currentLogFields } from '@nova/core/platform/log/log-fields.js';
import { registry } from '@nova/core/platform/telemetry/metrics.js';
import { announce } from '@nova/core/tenancy/central/changes.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { TenantClients } from '@nova/core/tenancy/clients/tenant-clients.js';
import { tenantCapacity, tenantUnreachable } from '@nova/core/tenancy/tenancy.errors.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';
import { Worker } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  type BootedTenancy,
  emptyQueues,
  eventually,
  type Handlers,
  query,
  TenancyBench,
  type TestDatabase,
} from './tenancy-platform.js';

let bench: TenancyBench;
let worker: BootedTenancy;
let database: TestDatabase;
const handlers: Handlers = {};

beforeAll(async () => {
  bench = await TenancyBench.create();
  worker = await bench.boot({ handlers, processors: true });
});
beforeEach(async () => {
  database = await bench.addTenant('test');
});
afterEach(async () => {
  await emptyQueues(worker);
  for (const name of Object.keys(handlers)) delete handlers[name as keyof Handlers];
});
afterAll(() => bench.drop());

const enqueue = (emailId = 'eml_1') =>
  worker.run(database, (ctx) => ctx.transaction((tx) => tx.enqueue('invoices.email', { emailId })));

describe('a job', () => {
  it('is done in a context of its tenant, as the system, and gives its lease back', async () => {
    const seen: { ctx: TenantContext; payload: object; fields: object; name: string }[] = [];
    handlers['invoices.email'] = async (ctx, payload) => {
      const rows = await ctx.db.$queryRaw<{ name: string }[]>`SELECT current_database() AS name`;
      seen.push({ ctx, payload, fields: currentLogFields(), name: rows[0]!.name });
    };
    await enqueue();
    await eventually(() => seen.length === 1);
    const [{ ctx, payload, fields, name }] = seen as [(typeof seen)[0]];
    expect(name).toBe(database.databaseId);
    expect(ctx.actor).toEqual({ type: 'system', id: 'invoices.email' });
    expect(payload).toEqual({ tenantId: database.tenantId, mode: 'test', emailId: 'eml_1' });
    expect(fields).toMatchObject({ tenantId: database.tenantId, mode: 'test', job: 'invoices.email' });
    await worker.settled();
    await eventually(() => worker.get(TenantClients).usage().leases === 0, 'the lease is given back');
    await eventually(async () =>
      /nova_job_duration_seconds_count\{job="invoices.email",outcome="completed"\} [1-9]/.test(
        await registry.metrics(),
      ),
    );
  });

  it('waits for a newer process when it cannot be read, without using an attempt', async () => {
    const queue = worker.queue('mail');
    const payload = {
      tenantId: database.tenantId,
      mode: 'test',
      emailId: 'eml_1',
      since: 'the next release',
    };
    const newer = await queue.add('invoices.email', payload, { attempts: 5 });
    await eventually(async () => (await queue.getJobState(newer.id!)) === 'delayed', 'the job waits');
    expect((await queue.getJob(newer.id!))?.attemptsMade).toBe(0);
    await newer.remove();
  });

  it('is refused for good when nobody could read it for an hour, or its tenant is unknown', async () => {
    const timestamp = Date.now() - 2 * 3_600_000;
    let runs = 0;
    handlers['invoices.email'] = async () => {
      runs++;
    };
    const queue = worker.queue('mail');
    const extra = { tenantId: database.tenantId, mode: 'test', emailId: 'eml_1', role: 'owner' };
    const invalid = await queue.add('invoices.email', extra, { attempts: 5, timestamp });
    const unknown = await queue.add(
      'toString',
      { tenantId: database.tenantId, mode: 'test' },
      { attempts: 5, timestamp },
    );
    const nobodys = { tenantId: 'ten_nobody', mode: 'test', emailId: 'eml_1' };
    const orphan = await queue.add('invoices.email', nobodys, { attempts: 5 });
    for (const { id } of [invalid, unknown, orphan]) {
      await eventually(async () => (await queue.getJobState(id!)) === 'failed', 'the job is refused');
      expect((await queue.getJob(id!))?.attemptsMade).toBe(1);
    }
    expect(runs).toBe(0);
  });

  it('is tried again when it fails, and gives its lease back each time', async () => {
    let runs = 0;
    handlers['invoices.collect'] = async () => {
      runs++;
      if (runs < 2) throw new Error('Not yet.');
    };
    await worker.run(database, (ctx) =>
      ctx.transaction((tx) => tx.enqueue('invoices.collect', { invoiceId: 'inv_1' })),
    );
    await eventually(() => runs === 2, 'the job is tried again');
    await worker.settled();
    await eventually(() => worker.get(TenantClients).usage().leases === 0);
  });

  it('is put off without using up an attempt when what it works with is away or full', async () => {
    const refusals = [tenantCapacity('No room.'), tenantUnreachable('Away.')];
    handlers['invoices.email'] = async () => {
      const refusal = refusals.pop();
      if (refusal) throw refusal;
    };
    const payload = { tenantId: database.tenantId, mode: 'test', emailId: 'eml_1' };
    const job = await worker.queue('mail').add('invoices.email', payload, { attempts: 1 });
    await eventually(async () => (await job.getState()) === 'completed', 'the job is done in the end');
    expect((await worker.queue('mail').getJob(job.id!))?.attemptsMade).toBe(1);
  });

  it('is put off while its tenant is suspended, without using up an attempt, and called up as soon as it is not', async () => {
    let runs = 0;
    handlers['invoices.email'] = async () => {
      runs++;
    };
    const setStatus = (status: string) =>
      worker.get(CentralDatabase).db.$transaction(async (tx) => {
        await tx.tenant.update({ where: { id: database.tenantId }, data: { status } });
        await announce(tx, { kind: 'tenant', tenantId: database.tenantId });
      });
    await setStatus('suspended');
    const payload = { tenantId: database.tenantId, mode: 'test', emailId: 'eml_1' };
    const job = await worker.queue('mail').add('invoices.email', payload, { attempts: 2 });
    await eventually(async () => (await job.getState()) === 'delayed', 'the job is put off');
    expect((await worker.queue('mail').getJob(job.id!))?.attemptsMade).toBe(0);
    await setStatus('active');
    await eventually(() => runs === 1);
  });

  it('waits while an advance of the test clock is under way, unless it is the advance', async () => {
    const runs: string[] = [];
    handlers['invoices.email'] = async () => void runs.push('email');
    handlers['test_clock.advance'] = async () => void runs.push('advance');
    await query(
      database.url,
      `INSERT INTO test_clock (id, now, lease_until) VALUES (1, '2030-01-01', now() + interval '30 s')`,
    );
    const tenant = { tenantId: database.tenantId, mode: 'test' };
    const email = await worker.queue('mail').add('invoices.email', { ...tenant, emailId: 'eml_1' });
    await worker.queue('maintenance').add('test_clock.advance', {
      ...tenant,
      databaseId: database.databaseId,
      to: '2030-02-01T00:00:00Z',
    });
    await eventually(() => runs.length === 1);
    await eventually(async () => (await email.getState()) === 'delayed');
    await query(database.url, 'UPDATE test_clock SET lease_until = NULL');
    await eventually(() => runs.length === 2, 'the job is done after the advance');
    expect(runs).toEqual(['advance', 'email']);
  });

  it('sees the test clock where it stands', async () => {
    const seen: Date[] = [];
    handlers['invoices.email'] = async (ctx) => void seen.push(ctx.clock.now());
    await query(database.url, `INSERT INTO test_clock (id, now) VALUES (1, '2030-01-31T10:00:00Z')`);
    await enqueue();
    await eventually(() => seen.length === 1);
    expect(seen).toEqual([new Date('2030-01-31T10:00:00Z')]);
  });

  it('never meets another tenant’s database, with many tenants at once', async () => {
    const tenants = await Promise.all(Array.from({ length: 4 }, () => bench.addTenant()));
    const crossings: string[] = [];
    let runs = 0;
    handlers['invoices.collect'] = async (ctx) => {
      const [raw, id] = await Promise.all([
        ctx.db.$queryRaw<{ name: string }[]>`SELECT current_database() AS name`,
        ctx.db.customer.findUnique({ where: { id: 'cus_same' } }),
      ]);
      if (raw[0]?.name !== ctx.databaseId || id?.name !== ctx.tenantId) crossings.push(ctx.tenantId);
      runs++;
    };
    await Promise.all(
      tenants.map((tenant) =>
        worker.run(tenant, async (ctx) => {
          const now = ctx.clock.now();
          await ctx.transaction(async (tx) => {
            await tx.db.customer.create({
              data: { id: 'cus_same', name: ctx.tenantId, createdAt: now, updatedAt: now },
            });
            for (let n = 0; n < 25; n++) await tx.enqueue('invoices.collect', { invoiceId: `inv_${n}` });
          });
        }),
      ),
    );
    await eventually(() => runs === 100, 'all jobs are done');
    expect(crossings).toEqual([]);
  });
});

describe('a worker that stops', () => {
  it('ends what it is doing and takes nothing new', async () => {
    const log: string[] = [];
    handlers['invoices.email'] = async (ctx, payload) => {
      const { emailId } = payload as { emailId: string };
      log.push(`begin ${emailId}`);
      await new Promise((resolve) => setTimeout(resolve, 400));
      await ctx.transaction((tx) => tx.enqueue('invoices.collect', { invoiceId: emailId }));
      log.push(`end ${emailId}`);
    };
    await worker.close();
    const stopping = await bench.boot({ handlers, processors: true });
    await stopping.run(database, (ctx) =>
      ctx.transaction((tx) => tx.enqueue('invoices.email', { emailId: 'one' })),
    );
    await eventually(() => log.length === 1);
    await stopping.close();
    const outbox = await query(database.url, 'SELECT id FROM outbox');
    const marks = await bench.central.query(
      'SELECT process_id FROM dirty_marks WHERE tenant_database_id = $1',
      [database.databaseId],
    );
    // The server takes a moment to forget a session that has ended.
    await eventually(async () => {
      const sessions = await query(
        bench.config.centralDatabaseUrl,
        `SELECT application_name FROM pg_stat_activity
         WHERE datname = current_database() AND application_name LIKE 'nova-%'`,
      );
      return sessions.length === 0;
    }, 'every connection is closed');
    worker = await bench.boot({ handlers, processors: true });
    expect(log).toEqual(['begin one', 'end one']);
    // What it caused is on its queue, or done by a worker that was just asking for a job. A job that is left needs a mark,
    // or nobody would look for it. A mark without a job does no harm, and is left when the two cross: the first job's end
    // finds the outbox empty, but was asked before the second job came and does not speak for it. The sweeper drops it.
    expect(outbox.length === 0 || marks.rows.length > 0).toBe(true);
  });
});

describe('a worker that dies', () => {
  it('leaves its job to another, which does it', async () => {
    let runs = 0;
    handlers['invoices.email'] = async () => {
      runs++;
    };
    await worker.close();
    const again = await bench.boot({ handlers });
    const queue = again.queue('mail');
    // The job of a worker that died is one whose lock is nobody's any more.
    const dead = new Worker('mail', () => new Promise(() => {}), {
      connection: queue.opts.connection,
      prefix: queue.opts.prefix ?? '',
      lockDuration: 500,
      skipLockRenewal: true,
      skipStalledCheck: true,
    });
    dead.on('error', () => {});
    const payload = { tenantId: database.tenantId, mode: 'test', emailId: 'eml_1' };
    const job = await queue.add('invoices.email', payload);
    await eventually(async () => (await job.getState()) === 'active', 'the dead worker has it');
    await dead.close(true);
    worker = await bench.boot({ handlers, processors: true });
    await eventually(() => runs === 1, 'another worker has done it', 40_000);
  }, 60_000);
});
