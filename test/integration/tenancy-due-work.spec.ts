import { stoppedClock, systemClock } from '@nova/core/platform/clock/clock.js';
import { JobQueues } from '@nova/core/platform/queues/job-queues.js';
import { DueWorkIndex } from '@nova/core/tenancy/due-work/due-work-index.js';
import { DueSources } from '@nova/core/tenancy/due-work/due-sources.js';
import { SchedulerTick } from '@nova/core/tenancy/due-work/scheduler-tick.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

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
let booted: BootedTenancy;
let database: TestDatabase;
const handlers: Handlers = {};

beforeAll(async () => {
  bench = await TenancyBench.create();
  booted = await bench.boot();
});
beforeEach(async () => {
  database = await bench.addTenant();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await bench.closeAllBut(booted);
  await bench.central.query('DELETE FROM due_work');
  await emptyQueues(booted);
  for (const name of Object.keys(handlers)) delete handlers[name as keyof Handlers];
});
afterAll(() => bench.drop());

const noon = new Date('2030-06-01T12:00:00Z');
const evening = new Date('2030-06-01T18:00:00Z');
const longAgo = new Date('2020-06-01T12:00:00Z');

interface IndexRow {
  due_at: Date;
  revision: string;
  claimed: boolean;
}

async function indexRow(kind = 'billing'): Promise<IndexRow | null> {
  const { rows } = await bench.central.query<IndexRow>(
    `SELECT due_at, revision, coalesce(claimed_until > now(), false) AS claimed
     FROM due_work WHERE tenant_database_id = $1 AND kind = $2`,
    [database.databaseId, kind],
  );
  return rows[0] ?? null;
}

const note = (at: Date) =>
  booted.get(DueWorkIndex).note(database.databaseId, systemClock, new Map([['billing', at] as const]));
const recompute = () => booted.run(database, (ctx) => booted.get(DueWorkIndex).recompute(ctx, 'billing'));
const addItem = (at: Date) =>
  query(database.url, `INSERT INTO due_items (kind, due_at) VALUES ('billing', $1)`, [at]);
const setClock = (at: Date) =>
  query(
    database.url,
    'INSERT INTO test_clock (id, now) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET now = excluded.now',
    [at],
  );
const dueNow = () => note(new Date('2020-01-01T00:00:00Z'));
const waiting = () => booted.queue('billing').getJobCountByTypes('prioritized', 'waiting', 'delayed');

describe('the due index', () => {
  it('keeps the earliest moment that was noted, and its revision grows', async () => {
    await note(evening);
    const first = await indexRow();
    await note(noon);
    await note(evening);
    const last = await indexRow();
    expect(last?.due_at).toEqual(noon);
    expect(BigInt(last!.revision)).toBe(BigInt(first!.revision) + 2n);
  });

  it('loses nothing when many note at once', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, hour) => note(new Date(noon.getTime() + hour * 3_600_000))),
    );
    expect((await indexRow())?.due_at).toEqual(noon);
  });

  it('is recomputed from the tenant’s rows, later, earlier and to nothing', async () => {
    await note(noon);
    await addItem(evening);
    expect(await recompute()).toEqual(evening);
    expect((await indexRow())?.due_at).toEqual(evening);
    await addItem(noon);
    await recompute();
    expect((await indexRow())?.due_at).toEqual(noon);
    await query(database.url, 'DELETE FROM due_items');
    expect(await recompute()).toBeNull();
    expect(await indexRow()).toBeNull();
  });

  it('lets what is noted during a recompute win', async () => {
    await note(evening);
    await addItem(evening);
    const source = vi.spyOn(booted.get(DueSources), 'of');
    const real = booted.get(DueSources).of('billing');
    source.mockImplementationOnce(() => async (db, tenant) => {
      const seen = await real(db, tenant);
      await addItem(noon);
      await note(noon);
      return seen;
    });
    expect(await recompute()).toEqual(noon);
    expect((await indexRow())?.due_at).toEqual(noon);
  });

  it('gives up its claim on what is noted again and again, and leaves what was noted', async () => {
    await note(noon);
    await bench.central.query(`UPDATE due_work SET claimed_until = now() + interval '45 s'`);
    vi.spyOn(booted.get(DueSources), 'of').mockImplementation(() => async () => {
      await note(noon);
      return null;
    });
    await recompute();
    expect(await indexRow()).toMatchObject({ due_at: noon, claimed: false });
  });

  it('does not take a row that was deleted and noted again for the one it knew', async () => {
    await note(evening);
    const before = await indexRow();
    const source = vi.spyOn(booted.get(DueSources), 'of').mockImplementationOnce(() => async () => {
      await bench.central.query('DELETE FROM due_work WHERE tenant_database_id = $1', [database.databaseId]);
      await addItem(noon);
      await note(noon);
      return { at: evening, id: 'seen' };
    });
    await recompute();
    expect(source).toHaveBeenCalledTimes(2);
    const after = await indexRow();
    expect(after?.due_at).toEqual(noon);
    expect(BigInt(after!.revision)).toBeGreaterThan(BigInt(before!.revision));
  });

  it('understands a clock that stands still: due by it is due now, later is not due at all', async () => {
    const index = booted.get(DueWorkIndex);
    const clock = stoppedClock(noon);
    await index.note(
      database.databaseId,
      clock,
      new Map([['billing', noon] as const, ['payments', evening] as const]),
    );
    expect((await indexRow())!.due_at.getTime()).toBeLessThanOrEqual(Date.now());
    expect(await indexRow('payments')).toBeNull();
    await addItem(evening);
    await setClock(noon);
    await booted.run(database, (ctx) => index.recompute({ ...ctx, mode: 'test' }, 'billing'));
    expect(await indexRow()).toBeNull();
  });

  it('goes by the clock as it is when it is recomputed, not as it was when the job began', async () => {
    const index = booted.get(DueWorkIndex);
    await addItem(evening);
    await setClock(noon);
    await booted.run(database, async (ctx) => {
      const job = { ...ctx, mode: 'test', clock: stoppedClock(noon) } as const;
      // A whole advance while the job is at work, which noted what it left due.
      await setClock(evening);
      await index.note(database.databaseId, stoppedClock(evening), new Map([['billing', evening] as const]));
      await index.recompute(job, 'billing');
    });
    expect((await indexRow())!.due_at.getTime()).toBeLessThanOrEqual(Date.now());
  });

  it('lets the recompute after an advance win over one that read the clock before it', async () => {
    const index = booted.get(DueWorkIndex);
    await note(longAgo);
    await addItem(evening);
    await setClock(noon);
    const real = booted.get(DueSources).of('billing');
    const source = vi.spyOn(booted.get(DueSources), 'of').mockImplementationOnce(() => async (db, tenant) => {
      const seen = await real(db, tenant);
      await setClock(evening);
      await booted.run(database, (ctx) => index.recompute({ ...ctx, mode: 'test' }, 'billing'));
      return seen;
    });
    await booted.run(database, (ctx) => index.recompute({ ...ctx, mode: 'test' }, 'billing'));
    expect(source).toHaveBeenCalledTimes(3);
    expect((await indexRow())!.due_at.getTime()).toBeLessThanOrEqual(Date.now());
  });
});

describe('the scheduler', () => {
  it('enqueues one job for what is due, however many processes tick', async () => {
    await dueNow();
    const apps = await Promise.all([1, 2, 3].map(() => bench.boot({ processors: true, handlers })));
    let runs = 0;
    handlers['billing.run'] = async () => {
      runs++;
      await query(database.url, 'DELETE FROM due_items');
    };
    await eventually(async () => runs > 0 && (await indexRow()) === null, 'the job has run');
    // Six ticks more find nothing.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(runs).toBe(1);
    await Promise.all(apps.map((app) => app.close()));
  });

  it('claims each row once and leaves it alone for a minute', async () => {
    const ticks = await Promise.all(
      [1, 2].map(() => bench.boot({ processors: true, config: { schedulerTickMs: 60_000 } })),
    );
    const add = ticks.map((app) => vi.spyOn(app.get(JobQueues), 'addUnlessPending').mockResolvedValue(true));
    const others = await Promise.all([1, 2, 3].map(() => bench.addTenant()));
    for (const { databaseId } of [database, ...others]) {
      await booted
        .get(DueWorkIndex)
        .note(databaseId, systemClock, new Map([['billing', new Date(0)] as const]));
    }
    await Promise.all(ticks.map((app) => app.get(SchedulerTick).tick()));
    await ticks[0]!.get(SchedulerTick).tick();
    const tenants = add.flatMap((spy) => spy.mock.calls.map(([, payload]) => payload.tenantId));
    expect(tenants.toSorted()).toEqual([database, ...others].map(({ tenantId }) => tenantId).toSorted());
    expect((await indexRow())?.claimed).toBe(true);

    await bench.central.query(`UPDATE due_work SET claimed_until = now() - interval '1 s'`);
    await ticks[1]!.get(SchedulerTick).tick();
    expect(add.flatMap((spy) => spy.mock.calls)).toHaveLength(8);
    await Promise.all(ticks.map((app) => app.close()));
  });

  it('does not add a second job while one waits', async () => {
    const app = await bench.boot({ processors: true, config: { schedulerTickMs: 60_000 } });
    await app.queue('billing').pause();
    await dueNow();
    await app.get(SchedulerTick).tick();
    await bench.central.query('UPDATE due_work SET claimed_until = NULL');
    await app.get(SchedulerTick).tick();
    expect(await app.queue('billing').getJobCountByTypes('prioritized', 'waiting')).toBe(1);
    await app.queue('billing').resume();
    await app.close();
  });

  it('tries again soon when the queue is away', async () => {
    const app = await bench.boot({ processors: true, config: { schedulerTickMs: 60_000 } });
    vi.spyOn(app.get(JobQueues), 'addUnlessPending').mockRejectedValueOnce(new Error('The queue is away.'));
    await dueNow();
    await app.get(SchedulerTick).tick();
    const { rows } = await bench.central.query(
      `SELECT claimed_until - now() < interval '6 s' AS soon FROM due_work WHERE tenant_database_id = $1`,
      [database.databaseId],
    );
    expect(rows).toEqual([{ soon: true }]);
    await app.close();
  });

  it('enqueues the rest at once when a job leaves more that is due', async () => {
    for (let day = 1; day <= 5; day++) await addItem(new Date(Date.UTC(2020, 0, day)));
    let runs = 0;
    handlers['billing.run'] = async (ctx) => {
      runs++;
      await ctx.db.$executeRaw`DELETE FROM due_items WHERE due_at = (SELECT min(due_at) FROM due_items)`;
    };
    const app = await bench.boot({ processors: true, handlers });
    await dueNow();
    const started = performance.now();
    await eventually(() => runs === 5, 'all five jobs have run');
    expect(performance.now() - started).toBeLessThan(5_000);
    await eventually(async () => (await indexRow()) === null, 'nothing is due any more');
    await app.close();
  });

  it('takes work done among much that is due at one moment for progress', async () => {
    for (let item = 1; item <= 3; item++) await addItem(longAgo);
    let runs = 0;
    handlers['billing.run'] = async (ctx) => {
      runs++;
      await ctx.db.$executeRaw`DELETE FROM due_items WHERE id = (SELECT min(id) FROM due_items)`;
    };
    const app = await bench.boot({ processors: true, handlers });
    await dueNow();
    await eventually(() => runs === 3, 'all three jobs have run');
    await eventually(async () => (await indexRow()) === null, 'nothing is due any more');
    await app.close();
  });

  it('puts off work that its job does not do', async () => {
    await addItem(new Date('2020-01-01T00:00:00Z'));
    let runs = 0;
    handlers['billing.run'] = async () => {
      runs++;
    };
    const app = await bench.boot({ processors: true, handlers });
    await dueNow();
    // Its claim is given up when the job ends, and taken again for a minute when the work turns out to be there still.
    await eventually(async () => runs >= 1 && (await indexRow())?.claimed === true, 'it is put off');
    await app.get(SchedulerTick).tick();
    // A tick between the two may find it once more; without being put off it would run over and over.
    expect(runs).toBeLessThanOrEqual(2);
    await app.close();
  });

  it('goes on at once with work that became due while its job looked', async () => {
    await addItem(new Date(Date.now() + 30_000));
    let runs = 0;
    handlers['billing.run'] = async (ctx) => {
      runs++;
      // Whoever had it gives it back while the first job runs, and then it is due since long.
      if (runs === 1) await ctx.db.$executeRaw`UPDATE due_items SET due_at = ${longAgo}`;
      else await ctx.db.$executeRaw`DELETE FROM due_items`;
    };
    const app = await bench.boot({ processors: true, handlers });
    await dueNow();
    await eventually(async () => runs >= 2 && (await indexRow()) === null, 'nothing is due any more');
    await app.close();
  });

  it('tries work again whose job was lost', async () => {
    await addItem(new Date('2020-01-01T00:00:00Z'));
    const app = await bench.boot({ processors: true, handlers, config: { schedulerTickMs: 60_000 } });
    await app.queue('billing').pause();
    await dueNow();
    await app.get(SchedulerTick).tick();
    // As when Redis was flushed: the job is gone, the claim is not.
    await app.queue('billing').obliterate({ force: true });
    await bench.central.query(`UPDATE due_work SET claimed_until = now() - interval '1 s'`);
    let runs = 0;
    handlers['billing.run'] = async () => {
      runs++;
      await query(database.url, 'DELETE FROM due_items');
    };
    await app.queue('billing').resume();
    await app.get(SchedulerTick).tick();
    await eventually(() => runs === 1);
    await eventually(async () => (await indexRow()) === null);
    await app.close();
  });

  it('keeps the claim of a job that fails, which is tried again by the queue', async () => {
    await addItem(new Date('2020-01-01T00:00:00Z'));
    let runs = 0;
    handlers['billing.run'] = async () => {
      runs++;
      if (runs === 1) throw new Error('Not yet.');
      await query(database.url, 'DELETE FROM due_items');
    };
    const app = await bench.boot({ processors: true, handlers });
    await dueNow();
    await eventually(() => runs === 1);
    expect(await indexRow()).toMatchObject({ claimed: true });
    await eventually(() => runs === 2, 'the queue tries again');
    await eventually(async () => (await indexRow()) === null);
    await app.close();
  });

  it('leaves tenants and databases that are not active alone', async () => {
    const retired = await bench.addTenant();
    await booted
      .get(DueWorkIndex)
      .note(retired.databaseId, systemClock, new Map([['billing', new Date(0)] as const]));
    await bench.central.query(`UPDATE tenant_databases SET status = 'retired' WHERE id = $1`, [
      retired.databaseId,
    ]);
    await dueNow();
    await bench.central.query(`UPDATE tenants SET status = 'suspended' WHERE id = $1`, [database.tenantId]);
    const app = await bench.boot({ processors: true, config: { schedulerTickMs: 60_000 } });
    await app.get(SchedulerTick).tick();
    expect(await indexRow()).toMatchObject({ claimed: false });
    expect(await waiting()).toBe(0);
    await app.close();
  });
});
