import { stoppedClock } from '@nova/core/platform/clock/clock.js';
import { newId } from '@nova/core/platform/ids/new-id.js';
import { JobQueues } from '@nova/core/platform/queues/job-queues.js';
import { DirtyMarks } from '@nova/core/tenancy/dirty-marks/dirty-marks.js';
import type { TenantContext, TenantTransaction } from '@nova/core/tenancy/tenant-context.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { cutAfter } from '../support/cutting-proxy.js';
import {
  type BootedTenancy,
  emptyQueues,
  query,
  TenancyBench,
  type TestDatabase,
} from './tenancy-platform.js';

const UNRELAYED = `SELECT id FROM outbox WHERE available_at = 'epoch'`;
let bench: TenancyBench;
let booted: BootedTenancy;
let database: TestDatabase;

beforeAll(async () => {
  bench = await TenancyBench.create();
  booted = await bench.boot();
  // Every statement on the marks is told of, so that a test can count them.
  await bench.central.query(`
    CREATE TABLE mark_log (op text, database_id text);
    CREATE FUNCTION log_mark() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN INSERT INTO mark_log VALUES (TG_OP, coalesce(NEW.tenant_database_id, OLD.tenant_database_id)); RETURN NULL; END $$;
    CREATE TRIGGER log_mark AFTER INSERT OR UPDATE OR DELETE ON dirty_marks FOR EACH ROW EXECUTE FUNCTION log_mark()`);
});
beforeEach(async () => {
  database = await bench.addTenant();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await booted.settled();
  await emptyQueues(booted);
});
afterAll(() => bench.drop());

async function marks(): Promise<string[]> {
  const { rows } = await bench.central.query(
    'SELECT process_id FROM dirty_marks WHERE tenant_database_id = $1',
    [database.databaseId],
  );
  return rows.map((row) => row.process_id);
}

async function markStatements(): Promise<string[]> {
  const { rows } = await bench.central.query('SELECT op FROM mark_log WHERE database_id = $1', [
    database.databaseId,
  ]);
  return rows.map((row) => row.op);
}

async function addCustomer(ctx: TenantContext, tx: TenantTransaction, id = newId('cus')): Promise<string> {
  const now = ctx.clock.now();
  await tx.db.customer.create({ data: { id, name: 'Ada', createdAt: now, updatedAt: now } });
  return id;
}

const countCustomers = () => booted.run(database, (ctx) => ctx.db.customer.count());

describe('the dirty mark', () => {
  it('is there before the first write, once for many that arrive together', async () => {
    await booted.run(database, async (ctx) => {
      const seen = await Promise.all(
        Array.from({ length: 12 }, () =>
          ctx.transaction(async (tx) => {
            const before = await marks();
            await addCustomer(ctx, tx);
            return before;
          }),
        ),
      );
      for (const before of seen) expect(before).toEqual([booted.get(DirtyMarks).processId]);
    });
    expect(await markStatements()).toEqual(['INSERT']);
    expect(await countCustomers()).toBe(12);
  });

  it('is renewed when it is 20 s old, and not before', async () => {
    const write = () => booted.run(database, (ctx) => ctx.transaction((tx) => addCustomer(ctx, tx)));
    await write();
    await write();
    expect(await markStatements()).toEqual(['INSERT']);
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + 21_000);
    await write();
    await write();
    expect(await markStatements()).toEqual(['INSERT', 'UPDATE']);
  });

  it('outlasts a write that goes on when it is 20 s old', async () => {
    await booted.run(database, (ctx) =>
      ctx.transaction(async (tx) => {
        await addCustomer(ctx, tx);
        const now = performance.now.bind(performance);
        vi.spyOn(performance, 'now').mockImplementation(() => now() + 21_000);
        const renewed = async () => expect(await markStatements()).toEqual(['INSERT', 'UPDATE']);
        await vi.waitFor(renewed, { timeout: 30_000, interval: 200 });
      }),
    );
  });

  it('is dropped when nothing is left to do, and taken anew by the next write', async () => {
    const own = await bench.boot();
    await own.run(database, (ctx) => ctx.transaction((tx) => addCustomer(ctx, tx)));
    await own.settled();
    expect(await marks()).toHaveLength(1);
    await expect.poll(marks).toEqual([]);
    await own.run(database, (ctx) => ctx.transaction((tx) => addCustomer(ctx, tx)));
    expect(await marks()).toEqual([own.get(DirtyMarks).processId]);
    await own.close();
    expect(await marks()).toEqual([]);
  });

  it('stays when the queue is away, until a later write has relayed what was left', async () => {
    const own = await bench.boot();
    const add = vi.spyOn(own.get(JobQueues), 'addAll').mockRejectedValueOnce(new Error('The queue is away.'));
    const enqueue = (ctx: TenantContext) =>
      ctx.transaction((tx) => tx.enqueue('invoices.collect', { invoiceId: newId('inv') }));
    await own.run(database, enqueue);
    await own.settled();
    expect(add).toHaveBeenCalledTimes(1);
    expect(await query(database.url, 'SELECT id FROM outbox')).toHaveLength(1);
    await own.get(DirtyMarks).close();
    expect(await marks()).toHaveLength(1);

    await own.run(database, (ctx) => ctx.transaction((tx) => addCustomer(ctx, tx)));
    await own.settled();
    expect(await query(database.url, UNRELAYED)).toEqual([]);
    expect(await own.queue('payments').getJobCountByTypes('prioritized', 'waiting')).toBe(1);
    await own.close();
    // The job is on its queue, and watched over until it is done.
    expect(await marks()).toHaveLength(1);
  });

  it('is a condition of writing: without central nothing is written', async () => {
    const take = vi.spyOn(booted.get(DirtyMarks) as unknown as { take(): Promise<void> }, 'take');
    take.mockRejectedValue(new Error('Central is away.'));
    await expect(
      booted.run(database, (ctx) => ctx.transaction((tx) => addCustomer(ctx, tx))),
    ).rejects.toMatchObject({ definition: { code: 'unavailable' } });
    take.mockRestore();
    expect(await countCustomers()).toBe(0);
  });
});

describe('a transaction', () => {
  it('leaves nothing behind when its work throws', async () => {
    await expect(
      booted.run(database, (ctx) =>
        ctx.transaction(async (tx) => {
          await addCustomer(ctx, tx);
          await tx.enqueue('invoices.email', { emailId: newId('eml') });
          tx.due('billing', new Date(0));
          throw new Error('No.');
        }),
      ),
    ).rejects.toThrow('No.');
    await booted.settled();
    expect(await countCustomers()).toBe(0);
    expect(await booted.queue('mail').getJobCountByTypes('prioritized', 'waiting')).toBe(0);
    const { rows } = await bench.central.query('SELECT 1 FROM due_work WHERE tenant_database_id = $1', [
      database.databaseId,
    ]);
    expect(rows).toEqual([]);
  });

  it.each(['40001', '40P01'])(
    'is run again after SQLSTATE %s, with its effects counted once',
    async (state) => {
      let attempts = 0;
      await booted.run(database, (ctx) =>
        ctx.transaction(async (tx) => {
          attempts++;
          await addCustomer(ctx, tx);
          await tx.enqueue('invoices.email', { emailId: newId('eml') });
          tx.due('billing', new Date(Date.UTC(2020, 0, attempts)));
          if (attempts < 3) {
            await tx.db.$executeRawUnsafe(
              `DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '${state}'; END $$`,
            );
          }
        }),
      );
      await booted.settled();
      expect(attempts).toBe(3);
      expect(await countCustomers()).toBe(1);
      expect(await booted.queue('mail').getJobCountByTypes('prioritized', 'waiting')).toBe(1);
      const { rows } = await bench.central.query(
        'SELECT due_at FROM due_work WHERE tenant_database_id = $1',
        [database.databaseId],
      );
      expect(rows).toEqual([{ due_at: new Date(Date.UTC(2020, 0, 3)) }]);
    },
  );

  it('is run again after a real deadlock, whether Prisma or SQL ran into it', async () => {
    await query(database.url, `CREATE TABLE counters (id text PRIMARY KEY, n int)`);
    await query(database.url, `INSERT INTO counters VALUES ('a', 0), ('b', 0)`);
    const bump = async (tx: TenantTransaction, id: string) =>
      tx.db.$executeRaw`UPDATE counters SET n = n + 1 WHERE id = ${id}`;
    await booted.run(database, async (ctx) => {
      const crossing = (first: string, second: string) =>
        ctx.transaction(async (tx) => {
          await bump(tx, first);
          await new Promise((resolve) => setTimeout(resolve, 100));
          await bump(tx, second);
        });
      await Promise.all([crossing('a', 'b'), crossing('b', 'a')]);
    });
    expect(await query(database.url, 'SELECT n FROM counters')).toEqual([{ n: 2 }, { n: 2 }]);
  });

  it('is run again when Prisma’s own queries deadlock', async () => {
    const [one, two] = [newId('cus'), newId('cus')];
    await booted.run(database, async (ctx) => {
      await ctx.transaction(async (tx) => {
        await addCustomer(ctx, tx, one);
        await addCustomer(ctx, tx, two);
      });
      const crossing = (first: string, second: string) =>
        ctx.transaction(async (tx) => {
          await tx.db.customer.update({ where: { id: first }, data: { version: { increment: 1 } } });
          await new Promise((resolve) => setTimeout(resolve, 100));
          await tx.db.customer.update({ where: { id: second }, data: { version: { increment: 1 } } });
        });
      await Promise.all([crossing(one, two), crossing(two, one)]);
      const versions = await ctx.db.customer.findMany({ select: { version: true } });
      expect(versions).toEqual([{ version: 3 }, { version: 3 }]);
    });
  });

  it('gives up after a few attempts', async () => {
    let attempts = 0;
    await expect(
      booted.run(database, (ctx) =>
        ctx.transaction(async (tx) => {
          attempts++;
          await tx.db.$executeRawUnsafe(`DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$`);
        }),
      ),
    ).rejects.toThrow();
    expect(attempts).toBe(5);
  });

  it('lets constraint violations through as Prisma tells them', async () => {
    const id = newId('cus');
    const add = () => booted.run(database, (ctx) => ctx.transaction((tx) => addCustomer(ctx, tx, id)));
    await add();
    await expect(add()).rejects.toMatchObject({ code: 'P2002' });
    await query(database.url, `ALTER TABLE customers ADD CHECK (version > 0)`);
    await expect(
      booted.run(database, (ctx) =>
        ctx.transaction((tx) => tx.db.customer.update({ where: { id }, data: { version: 0 } })),
      ),
    ).rejects.toThrow(/check constraint/i);
  });

  it('has its jobs relayed when the connection is lost while it commits', async () => {
    const own = await bench.boot();
    const proxy = await cutAfter(new URL(database.url), 'COMMIT\0');
    await bench.central.query(
      `WITH server AS (
         INSERT INTO database_servers (id, name, host, port, admin_url_sealed)
         VALUES ('srv_proxy', 'proxy', '127.0.0.1', $1, '-') RETURNING id)
       UPDATE tenant_databases SET server_id = server.id FROM server WHERE tenant_databases.id = $2`,
      [proxy.port, database.databaseId],
    );
    proxy.cutNext();
    await expect(
      own.run(database, (ctx) =>
        ctx.transaction((tx) => tx.enqueue('invoices.email', { emailId: newId('eml') })),
      ),
    ).rejects.toThrow();
    await own.settled();
    expect(await query(database.url, UNRELAYED)).toEqual([]);
    expect(await own.queue('mail').getJobCountByTypes('prioritized', 'waiting')).toBe(1);
    await own.close();
    // The job is on its queue, and watched over until it is done.
    expect(await marks()).toHaveLength(1);
    await proxy.close();
  });

  it('does not accept a payload that the catalogue does not', async () => {
    await expect(
      booted.run(database, (ctx) =>
        ctx.transaction((tx) => tx.enqueue('invoices.email', { emailId: 7 } as never)),
      ),
    ).rejects.toThrow(/emailId/);
  });

  it('says what is due by the test clock as it is after the write, which may have been moved meanwhile', async () => {
    const tested = await bench.addTenant('test');
    const day = (n: number) => new Date(Date.UTC(2031, 0, n));
    await query(tested.url, 'INSERT INTO test_clock (id, now) VALUES (1, $1)', [day(1)]);
    await booted.run(tested, async (ctx) => {
      await query(tested.url, 'UPDATE test_clock SET now = $1', [day(31)]);
      await ctx.transaction(async (tx) => tx.due('billing', day(15)));
    });
    await booted.settled();
    const { rows } = await bench.central.query(
      'SELECT due_at <= now() AS now FROM due_work WHERE tenant_database_id = $1',
      [tested.databaseId],
    );
    expect(rows).toEqual([{ now: true }]);
  });

  it('writes by the clock of the context it was called on', async () => {
    const moment = new Date('2031-01-31T00:00:00Z');
    await booted.run(database, async (ctx) => {
      const later: TenantContext = { ...ctx, clock: stoppedClock(moment) };
      await later.transaction(async (tx) => tx.due('billing', new Date('2031-01-30T00:00:00Z')));
      await later.transaction(async (tx) => tx.due('payments', new Date('2031-02-01T00:00:00Z')));
    });
    await booted.settled();
    const { rows } = await bench.central.query(
      'SELECT kind, due_at <= now() AS now FROM due_work WHERE tenant_database_id = $1',
      [database.databaseId],
    );
    expect(rows).toEqual([{ kind: 'billing', now: true }]);
  });
});
