import { newId } from '@nova/core/platform/ids/new-id.js';
import { JobQueues } from '@nova/core/platform/queues/job-queues.js';
import { DirtyMarks } from '@nova/core/tenancy/dirty-marks/dirty-marks.js';
import { Sweeper } from '@nova/core/tenancy/dirty-marks/sweeper.js';
import { OutboxRelay } from '@nova/core/tenancy/outbox/outbox-relay.js';
import { OutboxRunner } from '@nova/core/tenancy/outbox/outbox-runner.js';
import { type OpenDatabase, OpenDatabases } from '@nova/core/tenancy/context/open-databases.js';
import { TenantDirectory } from '@nova/core/tenancy/directory/tenant-directory.js';
import { TenantWrites } from '@nova/core/tenancy/context/tenant-writes.js';
import { UnrecoverableError } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import {
  type BootedTenancy,
  emptyQueues,
  type Handlers,
  query,
  TenancyBench,
  type TestDatabase,
} from './tenancy-platform.js';

let bench: TenancyBench;
let booted: BootedTenancy;
let database: TestDatabase;
const handlers: Handlers = {};

beforeAll(async () => {
  bench = await TenancyBench.create();
  booted = await bench.boot({ handlers });
});
beforeEach(async () => {
  database = await bench.addTenant('test');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await bench.closeAllBut(booted);
  await booted.settled();
  await emptyQueues(booted);
  for (const name of Object.keys(handlers)) delete handlers[name as keyof Handlers];
});
afterAll(() => bench.drop());

const emails = () => booted.queue('mail').getJobs(['prioritized', 'waiting', 'delayed']);
const outboxIds = async () =>
  (await query<{ id: string }>(database.url, 'SELECT id FROM outbox ORDER BY id')).map((r) => r.id);

async function leaveBehind(emailId: string): Promise<string> {
  const id = newId('job');
  const payload = { tenantId: database.tenantId, mode: database.mode, emailId };
  await query(
    database.url,
    `INSERT INTO outbox (id, job, payload, available_at) VALUES ($1, 'invoices.email', $2, 'epoch')`,
    [id, payload],
  );
  return id;
}

async function openDatabase(): Promise<OpenDatabase> {
  const tenant = await booted.get(TenantDirectory).get(database.tenantId);
  return booted.get(OpenDatabases).open(tenant!.databases[0]!);
}

async function relay(): Promise<void> {
  const open = await openDatabase();
  await booted.get(OutboxRelay).relay(open);
  open.release();
}

describe('the outbox', () => {
  it('puts jobs on their queue after commit and not before', async () => {
    await booted.run(database, (ctx) =>
      ctx.transaction(async (tx) => {
        await tx.enqueue('invoices.email', { emailId: 'eml_1' });
        await new Promise((resolve) => setTimeout(resolve, 200));
        expect(await emails()).toEqual([]);
      }),
    );
    await booted.settled();
    const [job, ...others] = await emails();
    expect(others).toEqual([]);
    expect(job).toMatchObject({
      name: 'invoices.email',
      data: { tenantId: database.tenantId, mode: 'test', emailId: 'eml_1' },
    });
    expect(job?.opts).toMatchObject({
      attempts: 12,
      backoff: { type: 'exponential', delay: 2_000 },
      priority: 5,
    });
    expect(job?.opts.removeOnComplete).toMatchObject({ age: 21_600 });
    expect(await outboxIds()).toEqual([job?.id]);
  });

  it('adds a job once when it is relayed twice, at once or after a crash before that was noted', async () => {
    const id = await leaveBehind('eml_2');
    await Promise.all([relay(), relay(), relay()]);
    expect((await emails()).map((job) => job.id)).toEqual([id]);

    await query(database.url, `UPDATE outbox SET available_at = 'epoch'`);
    await relay();
    expect((await emails()).map((job) => job.id)).toEqual([id]);
    expect(await outboxIds()).toEqual([id]);
  });

  it('lets go of a row when its job has come to its end, and looks after the mark until then', async () => {
    const worker = await bench.boot({ handlers, processors: true });
    await worker.queue('mail').pause();
    await worker.run(database, (ctx) =>
      ctx.transaction((tx) => tx.enqueue('invoices.email', { emailId: 'e' })),
    );
    await worker.settled();
    await worker.get(DirtyMarks).close();
    const marks = () =>
      bench.central.query('SELECT 1 FROM dirty_marks WHERE tenant_database_id = $1', [database.databaseId]);
    expect((await marks()).rowCount).toBe(1);
    await worker.queue('mail').resume();
    await expect.poll(outboxIds).toEqual([]);
    await expect.poll(() => worker.get(DirtyMarks).watchStamp(database.databaseId)).toBeNull();
    await worker.get(DirtyMarks).close();
    expect((await marks()).rowCount).toBe(0);
    await worker.close();
  });

  it('is put on the queues again, what has ended let go of and what is there left, when it is looked after', async () => {
    const ids = await Promise.all(['lost', 'there', 'done', 'dead'].map((name) => leaveBehind(name)));
    const [lost, there, done, dead] = ids as [string, string, string, string];
    await relay();
    const queue = booted.queue('mail');
    const worker = await bench.boot({ handlers, processors: true });
    handlers['invoices.email'] = async (_ctx, payload) => {
      if ((payload as { emailId: string }).emailId === 'dead') throw new UnrecoverableError('No.');
      if ((payload as { emailId: string }).emailId !== 'done') throw new Error('Later.');
    };
    const state = (id: string) => queue.getJobState(id);
    await expect
      .poll(() => Promise.all(ids.map(state)))
      .toEqual(['delayed', 'delayed', 'completed', 'failed']);
    await worker.close();
    // As when the process died before it told the outbox, and the queue has lost one.
    await query(
      database.url,
      `INSERT INTO outbox (id, job, payload, available_at)
       SELECT id, 'invoices.email', $2, now() FROM unnest($1::text[]) AS id ON CONFLICT (id) DO NOTHING`,
      [[done, dead], { tenantId: database.tenantId, mode: database.mode, emailId: 'again' }],
    );
    await (await queue.getJob(lost))?.remove();
    const open = await openDatabase();
    expect(await booted.get(OutboxRelay).lookAfter(open)).toBe(false);
    open.release();
    expect(await outboxIds()).toEqual([lost, there].toSorted());
    expect(await Promise.all(ids.map(state))).toEqual(['prioritized', 'delayed', 'completed', 'failed']);
  });

  it('does not add a job again that was done lately', async () => {
    let runs = 0;
    handlers['invoices.email'] = async () => {
      runs++;
    };
    const worker = await bench.boot({ handlers, processors: true });
    const id = await leaveBehind('eml_3');
    await relay();
    await expect.poll(() => booted.queue('mail').getJobState(id)).toBe('completed');
    expect(runs).toBe(1);
    expect(await outboxIds()).toEqual([]);
    const payload = { tenantId: database.tenantId, mode: database.mode, emailId: 'eml_3' };
    await query(
      database.url,
      `INSERT INTO outbox (id, job, payload, available_at) VALUES ($1, 'invoices.email', $2, 'epoch')`,
      [id, payload],
    );
    await relay();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(runs).toBe(1);
    await worker.close();
  });

  it('keeps a bounded part of a large outbox on the queue, and the rest follows as jobs end', async () => {
    await query(
      database.url,
      `INSERT INTO outbox (id, job, payload, available_at)
       SELECT 'job_' || lpad(n::text, 5, '0'), 'invoices.email',
         jsonb_build_object('tenantId', $1::text, 'mode', 'test', 'emailId', 'eml_' || n), 'epoch'
       FROM generate_series(1, 200) n`,
      [database.tenantId],
    );
    await relay();
    await relay();
    const queued = await emails();
    expect(queued).toHaveLength(40);
    expect(queued.map((job) => job.priority).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_, rank) => 5 + rank),
    );
    let runs = 0;
    let most = 0;
    handlers['invoices.email'] = async () => {
      if (runs++ % 20 === 0) most = Math.max(most, (await emails()).length);
    };
    const worker = await bench.boot({ handlers, processors: true });
    await expect.poll(outboxIds).toEqual([]);
    expect(runs).toBe(200);
    expect(most).toBeLessThanOrEqual(45);
    await worker.close();
  });

  it('lets jobs that fail make room for others', async () => {
    const worker = await bench.boot({ handlers, processors: true });
    const done = new Set<string>();
    handlers['invoices.email'] = async (_ctx, payload) => {
      const { emailId } = payload as { emailId: string };
      if (emailId.startsWith('bad')) throw new Error('The address is wrong.');
      done.add(emailId);
    };
    await worker.run(database, (ctx) =>
      ctx.transaction(async (tx) => {
        for (let n = 0; n < 60; n++) await tx.enqueue('invoices.email', { emailId: `bad_${n}` });
        for (let n = 0; n < 5; n++) await tx.enqueue('invoices.email', { emailId: `good_${n}` });
      }),
    );
    // The rows go a moment after their jobs are done.
    await expect.poll(outboxIds).toHaveLength(60);
    expect(done.size).toBe(5);
    await worker.close();
  });

  it('leaves jobs that only a newer version knows', async () => {
    await query(
      database.url,
      `INSERT INTO outbox (id, job, payload, available_at) VALUES ('job_new', 'new.job', '{}', 'epoch')`,
    );
    const id = await leaveBehind('eml_4');
    await relay();
    expect(await outboxIds()).toEqual([id, 'job_new'].toSorted());
    expect((await emails()).map((job) => job.id)).toEqual([id]);
  });

  it('is left to the sweeper when the process dies between commit and relay', async () => {
    const id = await leaveBehind('eml_5');
    const due = new Date('2020-05-05T00:00:00Z');
    await query(database.url, `INSERT INTO due_items (kind, due_at) VALUES ('billing', $1)`, [due]);
    const mark = (lease: string) =>
      bench.central.query(
        `INSERT INTO dirty_marks VALUES ($1, 'dead', now() + $2::interval)
         ON CONFLICT (tenant_database_id, process_id) DO UPDATE SET lease_until = excluded.lease_until`,
        [database.databaseId, lease],
      );
    const [one, two] = [
      await bench.boot({ handlers, processors: true }),
      await bench.boot({ handlers, processors: true }),
    ];
    const visits = [one, two].map((app) => vi.spyOn(app.get(OutboxRelay), 'lookAfter'));
    handlers['invoices.email'] = () => new Promise((resolve) => setTimeout(resolve, 500));
    await mark('30 s');
    await Promise.all([one, two].map((app) => app.get(Sweeper).sweep()));
    expect(await outboxIds()).toEqual([id]);

    await mark('-1 s');
    await Promise.all([one, two].map((app) => app.get(Sweeper).sweep()));
    expect(visits[0]!.mock.calls.length + visits[1]!.mock.calls.length).toBe(1);
    expect(await booted.queue('mail').getJob(id)).toBeDefined();
    const dead = `SELECT 1 FROM dirty_marks WHERE process_id = 'dead'`;
    expect((await bench.central.query(dead)).rowCount).toBe(1);
    const { rows: work } = await bench.central.query(
      'SELECT kind, due_at FROM due_work WHERE tenant_database_id = $1',
      [database.databaseId],
    );
    expect(work).toEqual([{ kind: 'billing', due_at: due }]);

    await expect.poll(outboxIds).toEqual([]);
    await mark('-1 s');
    await one.get(Sweeper).sweep();
    expect((await bench.central.query(dead)).rowCount).toBe(0);
    await Promise.all([one.close(), two.close()]);
  });

  it('keeps a mark whose database could not be looked after, and one whose process came back', async () => {
    await leaveBehind('eml_6');
    await bench.central.query(`INSERT INTO dirty_marks VALUES ($1, 'dead', now() - interval '1 s')`, [
      database.databaseId,
    ]);
    const sweeping = await bench.boot({ processors: true });
    vi.spyOn(sweeping.get(JobQueues), 'addAll').mockRejectedValueOnce(new Error('The queue is away.'));
    await sweeping.get(Sweeper).sweep();
    const lease = `SELECT lease_until > now() AS alive FROM dirty_marks
      WHERE tenant_database_id = $1 AND process_id = 'dead'`;
    expect((await bench.central.query(lease, [database.databaseId])).rows).toEqual([{ alive: true }]);

    await bench.central.query(
      `UPDATE dirty_marks SET lease_until = now() - interval '1 s' WHERE process_id = 'dead'`,
    );
    const lookAfter = vi.spyOn(sweeping.get(TenantWrites), 'lookAfter').mockImplementationOnce(async () => {
      await bench.central.query(
        `UPDATE dirty_marks SET lease_until = now() + interval '59 s' WHERE process_id = 'dead'`,
      );
      return 'done';
    });
    await sweeping.get(Sweeper).sweep();
    expect(lookAfter).toHaveBeenCalledOnce();
    expect((await bench.central.query(lease, [database.databaseId])).rows).toEqual([{ alive: true }]);
    await sweeping.close();
  });

  it('is looked after once a day whatever the marks say', async () => {
    const sweeping = await bench.boot({ processors: true });
    const { rows } = await bench.central.query(
      `SELECT (hashtext($1) & 2147483647) % 1440 = (extract(epoch FROM now())::bigint / 60) % 1440 AS today`,
      [database.databaseId],
    );
    await sweeping.get(Sweeper).markForDailyRepair();
    const marked = await bench.central.query(
      `SELECT 1 FROM dirty_marks WHERE tenant_database_id = $1 AND process_id = 'daily-repair'`,
      [database.databaseId],
    );
    expect(marked.rowCount === 1).toBe(rows[0].today);
    await sweeping.close();
  });
});

describe('an advance of the test clock', () => {
  const hold = (lease: string) =>
    query(
      database.url,
      `INSERT INTO test_clock (id, now, lease_until) VALUES (1, '2030-01-01', now() + $1::interval)
       ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until`,
      [lease],
    );

  it('has the rows to itself, also when a job of before ends or fails meanwhile', async () => {
    const id = await leaveBehind('eml_moved');
    await hold('30 s');
    const [open, outbox] = [await openDatabase(), booted.get(OutboxRelay)];
    await outbox.makeRoom(open, 'job_of_before');
    expect(await emails()).toEqual([]);
    await hold('-1 s');
    await outbox.finish(open, 'job_of_before').finally(() => open.release());
    expect(await emails()).toMatchObject([{ id }]);
  });

  it('holds the relay and the index off, and both catch up after it', async () => {
    await hold('30 s');
    await booted.run(database, (ctx) =>
      ctx.transaction(async (tx) => {
        await tx.enqueue('invoices.email', { emailId: 'eml_7' });
        tx.due('billing', new Date('2029-12-01T00:00:00Z'));
      }),
    );
    await booted.settled();
    expect(await emails()).toEqual([]);
    const due = () =>
      bench.central.query('SELECT kind FROM due_work WHERE tenant_database_id = $1', [database.databaseId]);
    expect((await due()).rows).toEqual([]);

    await query(database.url, `INSERT INTO due_items (kind, due_at) VALUES ('payments', '2029-12-31')`);
    await hold('-1 s');
    await booted.run(database, (ctx) => ctx.transaction(async () => {}));
    await booted.settled();
    expect(await emails()).toHaveLength(1);
    expect((await due()).rows).toEqual([{ kind: 'payments' }]);
  });

  it('runs the outbox itself, in order, with what its jobs cause', async () => {
    await hold('30 s');
    const done: string[] = [];
    handlers['invoices.collect'] = async (ctx, payload) => {
      done.push(
        `collect ${(payload as { invoiceId: string }).invoiceId} as ${ctx.actor.type === 'system' ? ctx.actor.id : '?'}`,
      );
      await ctx.transaction((tx) => tx.enqueue('invoices.email', { emailId: 'caused' }));
    };
    handlers['invoices.email'] = async (_ctx, payload) => {
      done.push(`email ${(payload as { emailId: string }).emailId}`);
    };
    await booted.run(database, async (ctx) => {
      await ctx.transaction(async (tx) => {
        await tx.enqueue('invoices.email', { emailId: 'first' });
        await tx.enqueue('invoices.collect', { invoiceId: 'second' });
        await tx.enqueue('invoices.email', { emailId: 'third' });
      });
      expect(await booted.get(OutboxRunner).runInline(ctx)).toBe(4);
    });
    expect(done).toEqual([
      'email first',
      'collect second as invoices.collect',
      'email third',
      'email caused',
    ]);
    expect(await outboxIds()).toEqual([]);
    expect(await emails()).toEqual([]);
  });

  it('keeps a job that failed inline', async () => {
    handlers['invoices.email'] = async () => {
      throw new Error('No.');
    };
    const id = await leaveBehind('eml_8');
    await booted.run(database, async (ctx) => {
      await expect(booted.get(OutboxRunner).runInline(ctx)).rejects.toThrow('No.');
    });
    expect(await outboxIds()).toEqual([id]);
  });
});
