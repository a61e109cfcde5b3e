import { randomUUID } from 'node:crypto';

import pg from 'pg';

import { Api, expectStatus } from '../support/api.js';
import { startBenchPlatform, startProgram } from './platform.js';
import { median, report } from './report.js';

const ROUNDS = 5;
const BATCHES_A_ROUND = 120;
const BATCH = 1_000;
const CONNECTIONS = 6;
const CUSTOMERS = 1_000;

interface Prepared {
  key: string;
  customerIds: string[];
}

interface EventRow {
  transactionId: string;
  customerId: string;
  eventName: string;
  timestamp: string;
  properties: { quantity: number; endpoint: string; region: string };
}

/** `POST /usage/batch` with 1,000 events a request, against a bare script that inserts the same rows by `unnest`. */
async function main(): Promise<void> {
  const platform = await startBenchPlatform();
  const url = `http://127.0.0.1:${platform.environment['PORT']}`;
  const api = await startProgram('apps/api/dist/main.js', platform.environment, `${url}/health/live`);
  const { key, customerIds } = await prepare(url);
  const pool = new pg.Pool({
    connectionString: await newestDatabase(platform.superuserUrl),
    max: CONNECTIONS,
  });
  await enlarge(pool, customerIds);

  const ours: number[] = [];
  const theirs: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const a = await overApi(`${url}/api/usage/batch`, key, makeBatches(customerIds));
    await pool.query('TRUNCATE usage_events, usage_keys');
    const b = await bare(pool, makeBatches(customerIds));
    await pool.query('TRUNCATE usage_events, usage_keys');
    // The first round warms both up.
    if (round === 0) continue;
    ours.push(a);
    theirs.push(b);
    ratios.push(a / b);
  }
  await pool.end();
  await api.stop();
  await platform.stop();
  const perSecond = (value: number) => `${Math.round(value).toLocaleString('en')} events/s`;
  await report(
    'usage-ingest',
    `Batches of ${BATCH.toLocaleString('en')} events of ${CUSTOMERS.toLocaleString('en')} customers, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${BATCHES_A_ROUND} batches in turn; one API process, which shares the machine with PostgreSQL and the sender.`,
    [
      {
        what: '`POST /usage/batch`, keyed and deduplicated, against `INSERT … SELECT unnest(…) ON CONFLICT DO NOTHING`',
        value: perSecond(median(ours)),
        baseline: perSecond(median(theirs)),
        ratio: median(ratios).toFixed(2),
        aim: '≥ 0.5 and ≥ 40,000/s on two cores',
      },
    ],
  );
}

async function prepare(url: string): Promise<Prepared> {
  const registration = {
    email: 'bench@nova.example',
    password: 'a long enough password',
    name: 'Bench',
    company: 'Bench',
  };
  const registered = expectStatus(await new Api(url, null).post('/auth/register', registration), 201);
  const key: string = registered.apiKey.key;
  const api = new Api(url, key);
  expectStatus(await api.post('/meters/presets'), 200);
  const first = expectStatus(await api.post('/customers', { name: 'Ada' }), 201);
  return { key, customerIds: [first.id] };
}

/** More customers, written past the API: how they are made is not what is measured. */
async function enlarge(pool: pg.Pool, customerIds: string[]): Promise<void> {
  const { rows } = await pool.query<{ id: string }>(
    `INSERT INTO customers (id, name, created_at, updated_at)
     SELECT left(c.id, 24) || lpad(n::text, 6, '0'), 'Customer ' || n, now(), now()
     FROM customers c, generate_series(1, $1) AS n RETURNING id`,
    [CUSTOMERS - 1],
  );
  customerIds.push(...rows.map(({ id }) => id));
  await pool.query('ANALYZE customers');
}

/** New events of the last minutes, spread over all customers. */
function makeBatches(customerIds: readonly string[]): EventRow[][] {
  const run = randomUUID();
  const now = Date.now();
  return Array.from({ length: BATCHES_A_ROUND }, (_, batch) =>
    Array.from({ length: BATCH }, (_event, index) => ({
      transactionId: `${run}-${batch}-${index}`,
      customerId: customerIds[(batch * 7 + index) % customerIds.length] ?? '',
      eventName: 'api_calls',
      timestamp: new Date(now - (BATCHES_A_ROUND - batch) * 1_000 - index).toISOString(),
      properties: { quantity: (index % 50) + 1, endpoint: '/v1/quotes', region: 'lagos' },
    })),
  );
}

async function overApi(url: string, key: string, batches: EventRow[][]): Promise<number> {
  const bodies = batches.map((events) => JSON.stringify({ events }));
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return rate(bodies, async (body) => {
    const answer = await fetch(url, { method: 'POST', headers, body });
    const { accepted } = (await answer.json()) as { accepted?: number };
    if (accepted !== BATCH) throw new Error(`A batch was not accepted: ${answer.status}, ${accepted}.`);
  });
}

async function bare(pool: pg.Pool, batches: EventRow[][]): Promise<number> {
  const columns = batches.map((events) => [
    events.map((event) => event.transactionId),
    events.map((event) => event.eventName),
    events.map((event) => event.customerId),
    events.map((event) => event.timestamp),
    events.map((event) => JSON.stringify(event.properties)),
  ]);
  return rate(columns, async (values) => {
    await pool.query(
      `WITH given AS (
         SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::jsonb[]) AS g (t, e, c, o, p)
       ), kept AS (
         INSERT INTO usage_keys (transaction_id, occurred_at) SELECT t, o FROM given
         ON CONFLICT DO NOTHING RETURNING transaction_id
       )
       INSERT INTO usage_events (transaction_id, event_name, customer_id, occurred_at, received_at, properties)
       SELECT t, e, c, o, now(), p FROM given JOIN kept ON kept.transaction_id = given.t`,
      values,
    );
  });
}

/** Events a second, with as many batches under way as there are connections. */
async function rate<Batch>(
  batches: readonly Batch[],
  send: (batch: Batch) => Promise<void>,
): Promise<number> {
  const left = [...batches];
  const begun = performance.now();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) await send(next);
    }),
  );
  return (batches.length * BATCH * 1_000) / (performance.now() - begun);
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
