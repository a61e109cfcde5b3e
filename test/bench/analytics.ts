import 'reflect-metadata';

import { createApi } from '@nova/api/create-api.js';
import pg from 'pg';

import { Api, expectStatus } from '../support/api.js';
import { databaseOf, startBenchPlatform } from './platform.js';
import { median, report } from './report.js';

const INVOICES = 100_000;
const SUBSCRIPTIONS = 10_000;
const ROUNDS = 9;

/** Analytics of a tenant with many invoices over a year, as the API answers them, against the barest sum of the same. */
async function main(): Promise<void> {
  const platform = await startBenchPlatform();
  const app = await createApi(platform.config, { processors: 'none' });
  await app.listen(0, '127.0.0.1');
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  const registration = { email: 'bench@nova.example', name: 'Bench', company: 'Bench' };
  const body = { ...registration, password: 'a long enough password' };
  const registered = expectStatus(await new Api(url, null).post('/auth/register', body), 201);
  const api = new Api(url, registered.apiKey.key);
  await oneOfEach(api);
  const pool = new pg.Pool({ connectionString: await databaseOf(platform, registered.tenant.id), max: 1 });
  await multiply(pool);

  const answers: Record<string, number[]> = { revenue: [], subscriptions: [], customers: [] };
  const bare: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [what, times] of Object.entries(answers)) {
      const groupBy = what === 'customers' ? '' : '?groupBy=day';
      const ms = await timed(async () => expectStatus(await api.get(`/analytics/${what}${groupBy}`), 200));
      // The first round warms up.
      if (round > 0) times.push(ms);
    }
    const ms = await timed(() =>
      pool.query(
        `SELECT currency, date_trunc('day', issued_at), sum(total), sum(amount_due) FROM invoices GROUP BY 1, 2`,
      ),
    );
    if (round > 0) bare.push(ms);
  }
  await pool.end();
  await app.close();
  await platform.stop();
  await report(
    'analytics',
    `One tenant with ${INVOICES.toLocaleString('en')} invoices and as many payments over a year, and ${SUBSCRIPTIONS.toLocaleString('en')} subscriptions; a year by days, through the API. The baseline groups the invoices alone by day, once. Median of ${ROUNDS}.`,
    Object.entries(answers).map(([what, times]) => ({
      what: `\`GET /analytics/${what}\``,
      value: `${median(times).toFixed(0)} ms`,
      baseline: `${median(bare).toFixed(0)} ms`,
      ratio: (median(times) / median(bare)).toFixed(2),
      aim: '≤ 500 ms',
    })),
  );
}

/** What is copied: a subscription that is paid for, its invoice, and its payment. */
async function oneOfEach(api: Api): Promise<void> {
  const plan = expectStatus(await api.post('/plans', { name: 'API' }), 201);
  const price = {
    currency: 'NGN',
    interval: 'month',
    type: 'recurring',
    model: 'flat',
    unitAmount: '500000',
  };
  expectStatus(await api.post(`/plans/${plan.id}/prices`, price), 201);
  const customer = expectStatus(await api.post('/customers', { name: 'Ada', currency: 'NGN' }), 201);
  const subscription = { customerId: customer.id, planId: plan.id, collectionMethod: 'send_invoice' };
  expectStatus(await api.post('/subscriptions', subscription), 201);
  const { data } = expectStatus(await api.get('/invoices'), 200);
  expectStatus(await api.post(`/invoices/${data[0].id}/mark-paid`, { note: 'Cash' }), 200);
}

async function multiply(pool: pg.Pool): Promise<void> {
  // As a copy of a database is filled: rows are frozen and audited where they are written by the platform.
  await pool.query('SET session_replication_role = replica');
  const copies = (table: string, changes: string, count: number) =>
    pool.query(
      `INSERT INTO ${table} SELECT copy.*
       FROM (SELECT * FROM ${table} LIMIT 1) one, generate_series(1, ${count}) n,
         LATERAL jsonb_populate_record(NULL::${table}, to_jsonb(one) || jsonb_build_object(${changes})) copy`,
    );
  const moment = `now() - n % 365 * interval '1 day'`;
  await copies('customers', `'id', 'cus_' || n`, SUBSCRIPTIONS);
  await copies(
    'subscriptions',
    `'id', 'sub_' || n, 'customer_id', 'cus_' || n, 'started_at', ${moment},
     'ended_at', CASE n % 5 WHEN 0 THEN now() - n % 90 * interval '1 day' END`,
    SUBSCRIPTIONS,
  );
  await copies(
    'mrr_movements',
    `'subscription_id', 'sub_' || n, 'customer_id', 'cus_' || n, 'occurred_at', ${moment}`,
    SUBSCRIPTIONS,
  );
  await copies(
    'invoices',
    `'id', 'inv_' || n, 'number', 'B-' || n, 'sequence', n + 1, 'customer_id', 'cus_' || n % ${SUBSCRIPTIONS} + 1,
     'issued_at', ${moment}, 'status', CASE n % 4 WHEN 0 THEN 'open' ELSE 'paid' END, 'amount_due',
     CASE n % 4 WHEN 0 THEN 500000 ELSE 0 END, 'amount_paid', CASE n % 4 WHEN 0 THEN 0 ELSE 500000 END,
     'paid_at', CASE n % 4 WHEN 0 THEN NULL ELSE ${moment} END`,
    INVOICES,
  );
  await copies(
    'payments',
    `'id', 'pay_' || n, 'invoice_id', 'inv_' || n, 'customer_id', 'cus_' || n % ${SUBSCRIPTIONS} + 1,
     'reference', 'r' || n, 'succeeded_at', ${moment}`,
    INVOICES,
  );
  await pool.query('SET session_replication_role = origin');
  await pool.query('VACUUM ANALYZE');
}

/** Milliseconds. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

await main();
