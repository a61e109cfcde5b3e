import { aggregateUsage, type UsageRequest } from '@nova/core/features/usage/aggregate-usage.js';
import { PrismaClient } from '@nova/prisma-tenant';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';

import { Api, expectStatus } from '../support/api.js';
import { startBenchPlatform, startProgram } from './platform.js';
import { median, report } from './report.js';

const EVENTS = 1_000_000;
const CUSTOMERS = 1_000;
const ROUNDS = 5;
const MONTH = { start: new Date('2026-01-01T00:00:00Z'), end: new Date('2026-02-01T00:00:00Z') };
/** As many as the billing run asks for at once. */
const AT_ONCE = 500;

/** A month of a tenant's usage, aggregated for the bills of all its customers, against one GROUP BY over the same rows. */
async function main(): Promise<void> {
  const platform = await startBenchPlatform();
  const url = `http://127.0.0.1:${platform.environment['PORT']}`;
  const api = await startProgram('apps/api/dist/main.js', platform.environment, `${url}/health/live`);
  const registration = {
    email: 'bench@nova.example',
    password: 'a long enough password',
    name: 'Bench',
    company: 'Bench',
  };
  expectStatus(await new Api(url, null).post('/auth/register', registration), 201);
  await api.stop();
  const pool = new pg.Pool({ connectionString: await newestDatabase(platform.superuserUrl), max: 2 });
  const db = new PrismaClient({ adapter: new PrismaPg(pool) });
  await fill(pool);

  const ours = { sum: [] as number[], count: [] as number[] };
  const theirs: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const sum = await timed(() => aggregateAll(db, 'sum'));
    const count = await timed(() => aggregateAll(db, 'count'));
    const bare = await timed(() =>
      pool.query(
        `SELECT customer_id, sum((properties ->> 'quantity')::numeric), count(*) FROM usage_events
         WHERE event_name = 'api_calls' AND occurred_at >= $1 AND occurred_at < $2 GROUP BY customer_id`,
        [MONTH.start, MONTH.end],
      ),
    );
    if (round === 0) continue;
    ours.sum.push(sum);
    ours.count.push(count);
    theirs.push(bare);
  }
  await db.$disconnect();
  await pool.end();
  await platform.stop();
  const baseline = `${median(theirs).toFixed(2)} s`;
  const figure = (what: string, values: number[]) => ({
    what,
    value: `${median(values).toFixed(2)} s`,
    baseline,
    ratio: (median(theirs) / median(values)).toFixed(2),
    aim: '≤ 3 s',
  });
  await report(
    'usage-aggregate',
    `${EVENTS.toLocaleString('en')} events of ${CUSTOMERS.toLocaleString('en')} customers in one month, asked for ${AT_ONCE} customers at a time as the billing run does; the baseline is one GROUP BY over all of them; median of ${ROUNDS}.`,
    [
      figure('a month’s sum of a property, by customer', ours.sum),
      figure('a month’s count, by customer', ours.count),
    ],
  );
}

async function fill(pool: pg.Pool): Promise<void> {
  await pool.query('SELECT make_usage_month($1::date)', ['2026-01-01']);
  await pool.query(
    `INSERT INTO usage_events (transaction_id, event_name, customer_id, occurred_at, received_at, properties)
     SELECT 't' || n, 'api_calls', 'cus_' || lpad((n % $2)::text, 26, '0'), $3::timestamptz + n * interval '2.6 seconds',
       $3::timestamptz + n * interval '2.6 seconds',
       jsonb_build_object('quantity', n % 50 + 1, 'endpoint', '/v1/quotes', 'region', 'lagos')
     FROM generate_series(1, $1) AS n`,
    [EVENTS, CUSTOMERS, MONTH.start],
  );
  await pool.query('VACUUM ANALYZE usage_events');
}

async function aggregateAll(db: PrismaClient, aggregation: 'sum' | 'count'): Promise<void> {
  const meter = {
    id: aggregation,
    eventName: 'api_calls',
    aggregation,
    property: aggregation === 'sum' ? 'quantity' : null,
    filters: [],
    rounding: null,
    archivedAt: null,
  };
  let events = 0n;
  for (let first = 0; first < CUSTOMERS; first += AT_ONCE) {
    const requests = Array.from({ length: AT_ONCE }, (_, index): UsageRequest => {
      const customerId = `cus_${String(first + index).padStart(26, '0')}`;
      return {
        key: customerId,
        customerId,
        subscriptionId: null,
        meter,
        window: MONTH,
        groupBy: [],
        events: 'none',
      };
    });
    for (const totals of (await aggregateUsage(db, requests)).values()) events += totals[0]?.eventCount ?? 0n;
  }
  if (events !== BigInt(EVENTS)) throw new Error(`${events} events were aggregated.`);
}

/** Seconds. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1_000;
}

async function newestDatabase(superuserUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  const { rows } = await client.query<{ datname: string }>(
    "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate AND datname <> 'postgres' ORDER BY oid DESC LIMIT 1",
  );
  await client.end();
  const url = new URL(superuserUrl);
  url.pathname = `/${rows[0]?.datname}`;
  return url.href;
}

await main();
