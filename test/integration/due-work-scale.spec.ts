import { TenantClients } from '@nova/core/tenancy/clients/tenant-clients.js';
import { OpenDatabases } from '@nova/core/tenancy/context/open-databases.js';
import { ExpiredMarks } from '@nova/core/tenancy/dirty-marks/expired-marks.js';
import { Sweeper } from '@nova/core/tenancy/dirty-marks/sweeper.js';
import { CLAIM_DUE_WORK, SchedulerTick } from '@nova/core/tenancy/due-work/scheduler-tick.js';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import {
  type BootedTenancy,
  emptyQueues,
  query,
  TenancyBench,
  type TestDatabase,
} from './tenancy-platform.js';

const TENANTS = 10_000;
const DUE = 100;

let bench: TenancyBench;
let booted: BootedTenancy;

beforeAll(async () => {
  bench = await TenancyBench.create();
  booted = await bench.boot({ processors: true, config: { schedulerTickMs: 3_600_000 } });
  await registerTenants(bench.central);
});
beforeEach(async () => {
  await bench.central.query('DELETE FROM due_work');
  await bench.central.query('DELETE FROM dirty_marks');
  await emptyQueues(booted);
});
afterAll(() => bench.drop());

/** Rows only: no database is made, and none would answer. */
async function registerTenants(central: pg.Pool): Promise<void> {
  await central.query(
    `INSERT INTO tenants (id, slug, name, status)
     SELECT 'ten_' || n, 'scale-' || n, 'Idle', 'active' FROM generate_series(1, $1::int) n`,
    [TENANTS],
  );
  await central.query(
    `INSERT INTO tenant_databases
       (id, tenant_id, mode, server_id, database_name, role_name, password_sealed, status, schema_version)
     SELECT 'tdb_' || n, 'ten_' || n, 'live', 'srv_1', 'none_' || n, 'none', '-', 'active', 'x'
     FROM generate_series(1, $1::int) n`,
    [TENANTS],
  );
}

/** Every tenant's next work lies a month ahead, but for those of the first `due`. */
async function indexWork(due: number): Promise<void> {
  await bench.central.query(
    `INSERT INTO due_work (tenant_database_id, kind, due_at)
     SELECT 'tdb_' || n, 'billing', now() + CASE WHEN n <= $2 THEN -interval '1 s' ELSE interval '30 d' END
     FROM generate_series(1, $1::int) n`,
    [TENANTS, due],
  );
  await bench.central.query('ANALYZE due_work, tenants, tenant_databases');
}

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: PlanNode[];
}

function nodesOf(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

describe('a tick over 10,000 registered tenants', () => {
  it('is one query by the index, whether any work is due or none', async () => {
    for (const due of [0, DUE]) {
      await bench.central.query('DELETE FROM due_work');
      await indexWork(due);
      const { rows } = await bench.central.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `EXPLAIN (FORMAT JSON) ${CLAIM_DUE_WORK}`,
        [['billing', 'payments'], 100, 45],
      );
      const nodes = nodesOf(rows[0]!['QUERY PLAN'][0].Plan);
      const onIndex = nodes.filter((node) => node['Index Name'] === 'due_work_due_at_idx');
      expect(onIndex).not.toEqual([]);
      expect(nodes.filter((node) => node['Node Type'] === 'Seq Scan')).toEqual([]);
    }
  });

  it('enqueues a job for each database with due work, and opens none', async () => {
    await indexWork(DUE);
    const central = vi.spyOn(booted.get(SchedulerTick)['central'].pool, 'query');
    await booted.queue('billing').pause();
    await booted.get(SchedulerTick).tick();
    // A full batch is followed by a look for more.
    expect(central).toHaveBeenCalledTimes(2);
    expect(await booted.queue('billing').getJobCountByTypes('prioritized', 'waiting')).toBe(DUE);
    expect(booted.get(TenantClients).usage().clients).toBe(0);
    central.mockClear();
    await booted.get(SchedulerTick).tick();
    expect(central).toHaveBeenCalledTimes(1);
    central.mockRestore();
    await booted.queue('billing').resume();
  });

  it('passes over tenants that are stopped, and takes them up with the next tick when they go on', async () => {
    await indexWork(3);
    await bench.central.query(`UPDATE tenants SET status = 'suspended' WHERE id = 'ten_1'`);
    await bench.central.query(`UPDATE tenants SET maintenance_reason = 'Move' WHERE id = 'ten_2'`);
    const claimed = async () => {
      await booted.get(SchedulerTick).tick();
      const { rows } = await bench.central.query<{ id: string }>(
        'SELECT tenant_database_id AS id FROM due_work WHERE claimed_until > now() ORDER BY id',
      );
      return rows.map(({ id }) => id);
    };
    expect(await claimed()).toEqual(['tdb_3']);
    await bench.central.query(`UPDATE tenants SET status = 'active', maintenance_reason = NULL`);
    expect(await claimed()).toEqual(['tdb_1', 'tdb_2', 'tdb_3']);
  });
});

describe('the sweeper', () => {
  let databases: TestDatabase[];
  beforeAll(async () => {
    databases = await Promise.all([1, 2, 3].map(() => bench.addTenant()));
  });

  const expire = (ids: readonly string[], processId = 'dead') =>
    bench.central.query(
      `INSERT INTO dirty_marks SELECT id, $2, now() - interval '1 s' FROM unnest($1::text[]) AS id
       ON CONFLICT (tenant_database_id, process_id) DO UPDATE SET lease_until = excluded.lease_until`,
      [ids, processId],
    );
  const ids = () => databases.map(({ databaseId }) => databaseId);

  it('brings the index back at its nightly visit when it was lost with every mark', async () => {
    const due = new Date('2031-05-05T00:00:00Z');
    for (const { url } of databases)
      await query(url, `INSERT INTO due_items (kind, due_at) VALUES ('billing', $1)`, [due]);
    // The minute of a database comes once a day; here it is each one's.
    await expire(ids(), 'daily-repair');
    await booted.get(Sweeper).sweep();
    const { rows } = await bench.central.query(
      'SELECT tenant_database_id AS id, due_at AS at FROM due_work ORDER BY tenant_database_id',
    );
    expect(rows).toEqual(
      ids()
        .toSorted()
        .map((id) => ({ id, at: due })),
    );
    expect((await bench.central.query('SELECT 1 FROM dirty_marks')).rowCount).toBe(0);
  });

  it('visits every database once in the minutes of a day', async () => {
    const { rows } = await bench.central.query<{ minutes: number; most: number }>(
      `SELECT count(DISTINCT minute)::int AS minutes, max(n)::int AS most FROM (
         SELECT (hashtext(id) & 2147483647) % 1440 AS minute, count(*) AS n FROM tenant_databases GROUP BY 1) m`,
    );
    expect(rows[0]!.minutes).toBeGreaterThan(1_400);
    expect(rows[0]!.most).toBeLessThan(30);
  });

  it('does not wait for a database that hangs, and comes back to it later and later', async () => {
    const [hanging, ...others] = ids();
    const databaseOf = booted.get(OpenDatabases);
    const open = databaseOf.open.bind(databaseOf);
    let giveUp = () => {};
    const hangs = new Promise<void>((resolve) => (giveUp = resolve));
    const spy = vi.spyOn(databaseOf, 'open').mockImplementation(async (snapshot) => {
      if (snapshot.id !== hanging) return open(snapshot);
      await hangs;
      throw new Error('It does not answer.');
    });
    await expire([hanging!]);
    await bench.central.query(`UPDATE dirty_marks SET lease_until = now() - interval '1 h'`);
    await expire(others);
    const sweep = booted.get(Sweeper).sweep();
    const left = async () => (await bench.central.query('SELECT 1 FROM dirty_marks')).rowCount;
    await expect.poll(left).toBe(1);
    giveUp();
    await sweep;
    const pause = async () => {
      const { rows } = await bench.central.query<{ s: number }>(
        'SELECT extract(epoch FROM lease_until - now())::float AS s FROM dirty_marks',
      );
      return rows[0]!.s;
    };
    expect(await pause()).toBeLessThan(16);
    await expire([hanging!]);
    await booted.get(Sweeper).sweep();
    expect(await pause()).toBeGreaterThan(16);
    spy.mockRestore();
    await expire([hanging!]);
    await booted.get(Sweeper).sweep();
    expect(await left()).toBe(0);
  });

  it('goes on with the next as one is done, however many are expired', async () => {
    await bench.central.query(
      `INSERT INTO dirty_marks SELECT id, 'dead', now() - interval '1 s' FROM tenant_databases
       WHERE id LIKE 'tdb_10%' AND status = 'active'`,
    );
    // Their rows lead nowhere: each visit fails, and the mark is kept for later.
    const claim = vi.spyOn(booted.get(ExpiredMarks), 'claim');
    await expire(ids());
    await booted.get(Sweeper).sweep();
    expect(Math.max(...claim.mock.calls.map(([count]) => count))).toBeLessThanOrEqual(8);
    const { rows } = await bench.central.query(
      `SELECT count(*) FILTER (WHERE tenant_database_id = ANY($1))::int AS done,
         count(*) FILTER (WHERE lease_until <= now())::int AS expired FROM dirty_marks`,
      [ids()],
    );
    expect(rows).toEqual([{ done: 0, expired: 0 }]);
    claim.mockRestore();
  });
});
