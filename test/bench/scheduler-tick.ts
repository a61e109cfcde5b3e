import 'reflect-metadata';

import { JobQueues } from '@nova/core/platform/queues/job-queues.js';
import { Queues } from '@nova/core/platform/queues/queues.js';
import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { DUE_KINDS } from '@nova/core/tenancy/due-work/due-kinds.js';
import { DueSources } from '@nova/core/tenancy/due-work/due-sources.js';
import { DueWorkIndex } from '@nova/core/tenancy/due-work/due-work-index.js';
import { CLAIM_DUE_WORK, SchedulerTick } from '@nova/core/tenancy/due-work/scheduler-tick.js';
import pg from 'pg';
import { pino } from 'pino';

import { startBenchPlatform } from './platform.js';
import { median, percentile, report } from './report.js';

const TENANTS = 10_000;
const DUE = 100;
const TICKS = 200;
const BUSY_TICKS = 30;

/** One tick of the scheduler over ten thousand tenants that exist as rows only: with nothing due, and with a hundred. */
async function main(): Promise<void> {
  const platform = await startBenchPlatform();
  const log = pino({ level: 'silent' });
  const central = new CentralDatabase(platform.config, log);
  const queues = new Queues(platform.config, log);
  const opened = await queues.openForWork();
  const jobs = new JobQueues(queues);
  const index = new DueWorkIndex(central, new DueSources());
  const scheduler = new SchedulerTick(central, jobs, index, platform.config, log);

  await register(central.pool);
  const explained: number[] = [];
  const idle: number[] = [];
  for (let tick = 0; tick < TICKS; tick++) {
    explained.push(await databaseTime(central.pool));
    idle.push(await timed(() => scheduler.tick()));
  }
  const connections = await tenantConnections(platform.superuserUrl);
  const busy: number[] = [];
  for (let tick = 0; tick < BUSY_TICKS; tick++) {
    await makeDue(central.pool);
    busy.push(await timed(() => scheduler.tick()));
    await opened.of('billing').obliterate({ force: true });
  }
  await queues.close();
  await central.close();
  await platform.stop();
  const ms = (value: number) => `${value.toFixed(2)} ms`;
  const figure = { baseline: '–', ratio: '–', aim: '–' };
  await report(
    'scheduler-tick',
    `${TENANTS} registered tenants, two databases each, all with work due a month ahead. ${TICKS} ticks with none due; beside them ${BUSY_TICKS} with ${DUE} due, whose jobs are put on the queue.`,
    [
      {
        ...figure,
        what: 'database time of a tick, none due, p50',
        value: ms(median(explained)),
        aim: '≤ 5 ms',
      },
      { ...figure, what: 'the same, p95', value: ms(percentile(explained, 0.95)) },
      { ...figure, what: 'the whole tick, none due, p50', value: ms(median(idle)) },
      { ...figure, what: `the whole tick, ${DUE} due, p50`, value: ms(median(busy)) },
      { ...figure, what: 'tenant connections opened', value: String(connections), aim: '0' },
    ],
  );
}

async function register(pool: pg.Pool): Promise<void> {
  await pool.query(
    `INSERT INTO tenants (id, slug, name, status)
     SELECT 'ten_' || n, 'bench-' || n, 'Idle', 'active' FROM generate_series(1, $1::int) n`,
    [TENANTS],
  );
  await pool.query(
    `INSERT INTO tenant_databases
       (id, tenant_id, mode, server_id, database_name, role_name, password_sealed, status, schema_version)
     SELECT 'tdb_' || n || m, 'ten_' || n, m, (SELECT id FROM database_servers LIMIT 1),
       'none_' || n || m, 'none', '-', 'active', 'x'
     FROM generate_series(1, $1::int) n, unnest(ARRAY['test', 'live']) m`,
    [TENANTS],
  );
  await pool.query(
    `INSERT INTO due_work (tenant_database_id, kind, due_at)
     SELECT id, unnest($1::text[]), now() + interval '30 d' FROM tenant_databases`,
    [Object.keys(DUE_KINDS)],
  );
  await pool.query('ANALYZE');
}

async function makeDue(pool: pg.Pool): Promise<void> {
  await pool.query(
    `UPDATE due_work SET due_at = now() - interval '1 s', claimed_until = NULL
     WHERE kind = 'billing' AND tenant_database_id IN (SELECT 'tdb_' || n || 'live' FROM generate_series(1, $1::int) n)`,
    [DUE],
  );
}

/** What PostgreSQL itself says that planning and running the tick's one query took. */
async function databaseTime(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{
    'QUERY PLAN': [{ 'Planning Time': number; 'Execution Time': number }];
  }>(`EXPLAIN (ANALYZE, FORMAT JSON) ${CLAIM_DUE_WORK}`, [Object.keys(DUE_KINDS), DUE, 45]);
  const plan = rows[0]?.['QUERY PLAN'][0];
  return plan ? plan['Planning Time'] + plan['Execution Time'] : Number.NaN;
}

async function tenantConnections(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'nova-tenant'`,
  );
  await client.end();
  return rows[0]?.n ?? Number.NaN;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

await main();
