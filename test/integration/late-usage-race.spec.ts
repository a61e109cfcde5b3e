import { finalizeDueInvoices } from '@nova/core/features/billing/finalize-due-invoices.js';
import { runBilling } from '@nova/core/features/subscriptions/run-billing.js';
import { ingestUsage } from '@nova/core/features/usage/ingest-usage.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type ApiResponse } from '../support/api.js';
import { booksAt } from '../support/books-at.js';
import { eventually } from '../support/eventually.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';
import { connectTo, tenantDatabaseUrl } from '../support/tenant-database.js';

type Body = ApiResponse['body'];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let nova: Nova;
let tenant: TestTenant;
let other: pg.Client;

beforeAll(async () => {
  nova = await startNova({ processors: 'none' });
  tenant = await nova.tenant({ timeZone: 'UTC' });
  other = await connectTo(await tenantDatabaseUrl(nova.databases, tenant.tenantId));
});

afterAll(async () => {
  await other.end();
  await nova.stop();
});

const made = async (path: string, body: Record<string, unknown>): Promise<Body> =>
  expectStatus(await tenant.api.post(path, body), 201);
const at = <T>(moment: number, work: (ctx: TenantContext) => Promise<T>): Promise<T> =>
  booksAt({ nova, tenant, moment }, work);

/** A subscription to what an event costs, 10.00 each, in a rhythm of its own. */
async function subscribed(customerId: string, eventName: string, interval: string): Promise<Body> {
  const meter = await made('/meters', { name: eventName, eventName, aggregation: 'count' });
  const { id: planId } = await made('/plans', { name: eventName });
  await made(`/plans/${planId}/prices`, {
    currency: 'NGN',
    interval,
    model: 'per_unit',
    unitAmount: '1000',
    type: 'usage',
    meterId: meter.id,
  });
  return made('/subscriptions', { customerId, planId, collectionMethod: 'send_invoice' });
}

async function use(transactionId: string, customerId: string, eventName: string, timestamp: number) {
  const event = { transactionId, customerId, eventName, timestamp: new Date(timestamp).toISOString() };
  const [result] = await at(timestamp + 3 * DAY_MS, (ctx) => ingestUsage(ctx, [event]));
  expect(result?.status).toBe('accepted');
}

/** Somebody waits for a row that another transaction holds. */
async function untilSomebodyWaits(): Promise<void> {
  await eventually(async () => {
    const { rows } = await other.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
    );
    if (rows.length === 0) throw new Error('Nobody waits.');
  });
}

describe('an event that comes after its draft was counted for the last time', () => {
  it('is billed later, also when another subscription of the customer is billed at that moment', async () => {
    const { id: customerId } = await made('/customers', { name: 'Ada', currency: 'NGN' });
    const monthly = await subscribed(customerId, 'calls', 'month');
    const weekly = await subscribed(customerId, 'stored', 'week');
    const end = Date.parse(monthly.currentPeriodEnd);
    // The series is there from its first number on.
    const lines = [{ description: 'Work', unitAmount: '100' }];
    const { id: first } = await made('/invoices', { customerId, currency: 'NGN', lines });
    expectStatus(await tenant.api.post(`/invoices/${first}/finalize`, {}), 200);

    await use('early', customerId, 'calls', end - 2 * DAY_MS);
    await at(end + 60_000, runBilling);
    const firstWeek = Date.parse(weekly.currentPeriodEnd);
    const weeks = Math.ceil((end + 2 * HOUR_MS - firstWeek) / (7 * DAY_MS));
    const nextWeek = firstWeek + weeks * 7 * DAY_MS + 60_000;

    await other.query("BEGIN; SELECT FROM number_series WHERE series = 'INV' FOR UPDATE");
    const finalized = at(nextWeek, finalizeDueInvoices);
    await untilSomebodyWaits();
    await use('late', customerId, 'calls', end - HOUR_MS);
    await at(nextWeek, runBilling);
    await other.query('COMMIT');
    await finalized;

    for (const moment of [nextWeek, end + 40 * DAY_MS, end + 45 * DAY_MS]) {
      await at(moment, runBilling);
      await at(moment, finalizeDueInvoices);
    }
    const page = expectStatus(await tenant.api.get(`/customers/${customerId}/invoices?limit=100`), 200);
    const billed = page.data
      .flatMap((invoice: Body) => invoice.lines)
      .filter(
        (line: Body) => line.subscriptionId === monthly.id && line.periodEnd === monthly.currentPeriodEnd,
      );
    expect(billed.map(({ kind, amount }: Body) => [kind, amount])).toEqual(
      expect.arrayContaining([
        ['usage', 1000],
        ['adjustment', 1000],
      ]),
    );
  });
});
