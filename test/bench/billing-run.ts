import 'reflect-metadata';

import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApi } from '@nova/api/create-api.js';
import { runBilling } from '@nova/core/features/subscriptions/run-billing.js';
import { QUEUES } from '@nova/core/platform/queues/catalogue.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import pg from 'pg';

import { Api, expectStatus } from '../support/api.js';
import { type BenchPlatform, databaseOf, startBenchPlatform } from './platform.js';
import { median, report } from './report.js';

const SUBSCRIPTIONS = Number(process.env['BENCH_SUBSCRIPTIONS'] ?? 10_000);
const TENANTS = Number(process.env['BENCH_TENANTS'] ?? 100);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const EVENTS_EACH = 10;
const ACTOR = { type: 'system', id: 'bench' } as const;

interface BilledTenant {
  readonly tenantId: string;
  readonly pool: pg.Pool;
}

/**
 * A billing run of 10,000 monthly subscriptions, each with a fee and a metered graduated price over ten events, by one
 * worker: of one tenant against bare SQL that inserts the same rows, and of a hundred tenants.
 */
async function main(): Promise<void> {
  const platform = await startBenchPlatform();
  const app = await createApi(platform.config, { processors: 'none' });
  await app.listen(0, '127.0.0.1');
  const one = await prepareTenant(platform, app, SUBSCRIPTIONS);
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round++) {
    const rate = await timed(() => bill(app, [one]));
    const baseline = await bareInserts(one.pool);
    await makeDueAgain(one.pool);
    // The first round warms up.
    if (round === 0) continue;
    ours.push(rate);
    bare.push(baseline);
  }
  await one.pool.end();
  const many: BilledTenant[] = [];
  for (let n = 0; n < TENANTS; n++) many.push(await prepareTenant(platform, app, SUBSCRIPTIONS / TENANTS));
  const spread: number[] = [];
  for (let round = 0; round <= 1; round++) {
    const rate = await timed(() => bill(app, many));
    for (const { pool } of many) await makeDueAgain(pool);
    if (round > 0) spread.push(rate);
  }
  for (const { pool } of many) await pool.end();
  await app.close();
  await platform.stop();
  const perSecond = (value: number) => `${Math.round(value).toLocaleString('en')} invoices/s`;
  await report(
    'billing-run',
    `${SUBSCRIPTIONS.toLocaleString('en')} subscriptions with a monthly fee and a graduated price over ${EVENTS_EACH} events each, whose month is over; no grace, no e-mails. One process runs the billing, with as many jobs at once as its queue takes; PostgreSQL shares the machine and is durable. ${ROUNDS} rounds in turn. The baseline copies the rows that our run has just written (invoices as drafts and then numbered, lines, claims) in one transaction of a few statements.`,
    [
      {
        what: 'finalised invoices of one tenant, against bare SQL that inserts the same rows',
        value: perSecond(median(ours)),
        baseline: perSecond(median(bare)),
        ratio: (median(ours) / median(bare)).toFixed(2),
        aim: '≥ 1,000/s',
      },
      {
        what: `the same over ${TENANTS} tenants, against one tenant`,
        value: perSecond(median(spread)),
        baseline: perSecond(median(ours)),
        ratio: (median(spread) / median(ours)).toFixed(2),
        aim: '≥ 0.7',
      },
    ],
  );
}

/** Invoices a second of work that makes one for each subscription. */
async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return SUBSCRIPTIONS / ((performance.now() - started) / 1_000);
}

/** As one worker process bills: as many tenants at once as it takes jobs off the queue. */
async function bill(app: NestFastifyApplication, tenants: readonly BilledTenant[]): Promise<void> {
  const waiting = [...tenants];
  const slots = Array.from({ length: QUEUES.billing.concurrency }, async () => {
    for (let tenant = waiting.shift(); tenant; tenant = waiting.shift()) await billTenant(app, tenant);
  });
  await Promise.all(slots);
}

/** Jobs as the queue would run them: pieces of the run, until nothing is due. */
async function billTenant(app: NestFastifyApplication, { tenantId, pool }: BilledTenant): Promise<void> {
  const contexts = app.get(TenantContexts, { strict: false });
  for (;;) {
    await contexts.run({ tenantId, mode: 'test', actor: ACTOR, requestId: null }, (ctx) => runBilling(ctx));
    const { rows } = await pool.query('SELECT FROM subscriptions WHERE next_billing_at <= now() LIMIT 1');
    if (rows.length === 0) return;
  }
}

async function prepareTenant(
  platform: BenchPlatform,
  app: NestFastifyApplication,
  subscriptions: number,
): Promise<BilledTenant> {
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  const unique = Math.random().toString(36).slice(2);
  const registration = {
    email: `${unique}@nova.example`,
    password: `a long enough password ${unique}`,
    name: 'Bench',
    company: `Bench ${unique}`,
  };
  const registered = expectStatus(await new Api(url, null).post('/auth/register', registration), 201);
  const tenantId: string = registered.tenant.id;
  await subscribeOne(new Api(url, registered.apiKey.key));
  const pool = new pg.Pool({ connectionString: await databaseOf(platform, tenantId), max: 2 });
  await multiply(pool, subscriptions);
  return { tenantId, pool };
}

async function subscribeOne(api: Api): Promise<void> {
  const meter = expectStatus(
    await api.post('/meters', { name: 'Calls', eventName: 'calls', aggregation: 'sum', property: 'count' }),
    201,
  );
  const plan = expectStatus(await api.post('/plans', { name: 'API' }), 201);
  const rhythm = { currency: 'NGN', interval: 'month', intervalCount: 1 };
  const tiers = [
    { upTo: '100', unitAmount: '1' },
    { upTo: '1000', unitAmount: '0.8' },
    { upTo: null, unitAmount: '0.5' },
  ];
  const prices = [
    { ...rhythm, type: 'recurring', model: 'flat', unitAmount: '500000' },
    { ...rhythm, type: 'usage', model: 'graduated', meterId: meter.id, terms: { model: 'graduated', tiers } },
  ];
  const items = [];
  for (const price of prices) {
    const made = expectStatus(await api.post(`/plans/${plan.id}/prices`, price), 201);
    items.push({ priceId: made.id });
  }
  const customer = expectStatus(await api.post('/customers', { name: 'Ada', currency: 'NGN' }), 201);
  const subscription = { customerId: customer.id, planId: plan.id, items, collectionMethod: 'send_invoice' };
  expectStatus(await api.post('/subscriptions', subscription), 201);
}

/** Copies the one subscription, its customer and items, and gives each its events of the month that is over. */
async function multiply(pool: pg.Pool, count: number): Promise<void> {
  await pool.query(
    `INSERT INTO customers SELECT (jsonb_populate_record(c, jsonb_build_object('id', 'cus_' || n))).*
     FROM customers c, generate_series(1, $1) n`,
    [count],
  );
  await pool.query(
    `INSERT INTO subscriptions SELECT (jsonb_populate_record(s, jsonb_build_object('id', 'sub_' || n,
       'customer_id', 'cus_' || n, 'grace_hours', 0, 'started_at', now() - interval '40 days',
       'anchor_date', to_char(now() - interval '1 month', 'YYYY-MM-DD'),
       'current_period_start', now() - interval '1 month', 'current_period_end', now(), 'next_billing_at', now()))).*
     FROM subscriptions s, generate_series(1, $1) n WHERE s.id NOT LIKE 'sub\\_%' OR length(s.id) > 20`,
    [count],
  );
  await pool.query(
    `INSERT INTO subscription_items SELECT (jsonb_populate_record(i, jsonb_build_object('id', i.id || '_' || n,
       'subscription_id', 'sub_' || n))).*
     FROM subscription_items i, generate_series(1, $1) n`,
    [count],
  );
  await pool.query(
    `INSERT INTO usage_events (transaction_id, event_name, customer_id, occurred_at, received_at, properties)
     SELECT n || '-' || e, 'calls', 'cus_' || n, now() - e * interval '2 days', now(),
       jsonb_build_object('count', n % 50 + e * 20)
     FROM generate_series(1, $1) n, generate_series(1, $2) e`,
    [count, EVENTS_EACH],
  );
  await pool.query('ANALYZE');
}

/** Lets another month be over. What was billed stays: tables of tenants are not empty. */
async function makeDueAgain(pool: pg.Pool): Promise<void> {
  await pool.query(
    `UPDATE subscriptions SET period_index = 0, current_period_start = now() - interval '1 month',
       current_period_end = now(), next_billing_at = now() WHERE length(id) < 20`,
  );
  await pool.query('VACUUM ANALYZE');
}

/** The rows of our last run once more under other ids, by a few statements in one transaction. */
async function bareInserts(pool: pg.Pool): Promise<number> {
  const client = await pool.connect();
  const suffix = Math.random().toString(36).slice(2, 8);
  try {
    await client.query(
      `CREATE TEMP TABLE copied AS SELECT * FROM invoices ORDER BY sequence DESC NULLS LAST LIMIT ${SUBSCRIPTIONS};
       CREATE TEMP TABLE copied_lines AS SELECT l.* FROM invoice_lines l JOIN copied c ON c.id = l.invoice_id;
       CREATE TEMP TABLE copied_claims AS SELECT p.* FROM billing_periods p JOIN copied c ON c.id = p.invoice_id;
       UPDATE copied SET id = id || '${suffix}', number = number || '${suffix}', series = '${suffix}';
       UPDATE copied_lines SET id = id || '${suffix}', invoice_id = invoice_id || '${suffix}';
       UPDATE copied_claims SET id = id || '${suffix}', invoice_id = invoice_id || '${suffix}',
         period_start = period_start - interval '1 second'`,
    );
    await makeDueAgain(pool);
    return await timed(async () => {
      await client.query('BEGIN');
      await client.query(
        `INSERT INTO invoices SELECT (jsonb_populate_record(c,
           '{"status":"draft","number":null,"sequence":null,"series":null,"paid_at":null}')).* FROM copied c`,
      );
      await client.query('INSERT INTO invoice_lines SELECT * FROM copied_lines');
      await client.query('INSERT INTO billing_periods SELECT * FROM copied_claims');
      await client.query(
        `UPDATE invoices i SET status = c.status, series = c.series, sequence = c.sequence, number = c.number
         FROM copied c WHERE c.id = i.id`,
      );
      await client.query(
        `UPDATE subscriptions SET next_billing_at = next_billing_at + interval '1 month' WHERE length(id) < 20`,
      );
      await client.query('COMMIT');
    });
  } finally {
    await client.query('DROP TABLE IF EXISTS copied, copied_lines, copied_claims');
    client.release();
  }
}

await main();
