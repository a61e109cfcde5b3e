import { runBilling } from '@nova/core/features/subscriptions/run-billing.js';
import { finalizeDueInvoices } from '@nova/core/features/billing/finalize-due-invoices.js';
import { stoppedClock } from '@nova/core/platform/clock/clock.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type ApiResponse } from '../support/api.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';

const DAY_MS = 86_400_000;
const ACTOR = { type: 'system', id: 'spec' } as const;

let nova: Nova;
let tenant: TestTenant;
let prices: ApiResponse['body'][];
let planId: string;

beforeAll(async () => {
  nova = await startNova({ processors: 'none' });
  tenant = await nova.tenant({ timeZone: 'UTC' });
  const { api } = tenant;
  const create = async (path: string, body: Record<string, unknown>) =>
    expectStatus(await api.post(path, body), 201);
  const meter = await create('/meters', { name: 'Calls', eventName: 'calls', aggregation: 'count' });
  planId = (await create('/plans', { name: 'API' })).id;
  const rhythm = { currency: 'NGN', interval: 'month', intervalCount: 1 };
  prices = [
    await create(`/plans/${planId}/prices`, {
      ...rhythm,
      model: 'flat',
      unitAmount: '5000',
      type: 'recurring',
    }),
    await create(`/plans/${planId}/prices`, {
      ...rhythm,
      model: 'per_unit',
      unitAmount: '33.3',
      type: 'usage',
      meterId: meter.id,
    }),
  ];
});

afterAll(() => nova.stop());

/** What a run has to do, and how often and how much at once it is done. */
const stories = fc.record({
  subscriptions: fc.integer({ min: 1, max: 6 }),
  months: fc.integer({ min: 1, max: 3 }),
  runsAtOnce: fc.integer({ min: 1, max: 3 }),
  together: fc.boolean(),
  events: fc.integer({ min: 0, max: 5 }),
});

async function billedOnce(story: {
  subscriptions: number;
  together: boolean;
  events: number;
}): Promise<string> {
  const { api } = tenant;
  const customer = expectStatus(
    await api.post('/customers', {
      name: 'Ada',
      currency: 'NGN',
      invoicing: story.together ? 'together' : 'separate',
    }),
    201,
  );
  for (let n = 0; n < story.subscriptions; n++) {
    const items = prices.map(({ id }) => ({ priceId: id }));
    const body = { customerId: customer.id, planId, items, collectionMethod: 'send_invoice' };
    expectStatus(await api.post('/subscriptions', body), 201);
  }
  for (let n = 0; n < story.events; n++) {
    const event = { transactionId: `${customer.id}-${n}`, customerId: customer.id, eventName: 'calls' };
    expect((await api.post('/usage', event)).status).toBeLessThan(300);
  }
  return customer.id;
}

/** Everything there is to do at a moment, by so many at once, and then once more. */
async function runAt(moment: Date, atOnce: number): Promise<void> {
  const contexts = nova.app.get(TenantContexts, { strict: false });
  const request = { tenantId: tenant.tenantId, mode: 'test', actor: ACTOR, requestId: null } as const;
  const once = (ctx: TenantContext) => {
    const at = { ...ctx, clock: stoppedClock(moment) };
    return runBilling(at).then(() => finalizeDueInvoices(at));
  };
  for (let n = 0; n < 4; n++) {
    await Promise.all(Array.from({ length: atOnce }, () => contexts.run(request, once)));
  }
}

async function pictureOf(customerId: string) {
  const page = expectStatus(await tenant.api.get(`/customers/${customerId}/invoices?limit=100`), 200);
  const invoices = page.data as {
    lines: { amount: number; periodStart: string }[];
    total: number;
    status: string;
  }[];
  const lines = invoices.flatMap((invoice) => invoice.lines);
  return {
    statuses: [...new Set(invoices.map(({ status }) => status))],
    lines: lines.length,
    total: invoices.reduce((sum, { total }) => sum + total, 0),
  };
}

describe('a billing run', () => {
  it('twice, or several at once, comes to what it comes to once', async () => {
    let moment = Date.now();
    await fc.assert(
      fc.asyncProperty(stories, async (story) => {
        const customerId = await billedOnce(story);
        moment = Math.max(moment, Date.now()) + story.months * 31 * DAY_MS + DAY_MS;
        await runAt(new Date(moment), story.runsAtOnce);
        const first = await pictureOf(customerId);
        await runAt(new Date(moment), story.runsAtOnce);
        expect(await pictureOf(customerId)).toEqual(first);
        expect(first.statuses).toEqual(['open']);
        // The first month of each has a fee, every further one its usage and a fee.
        expect((first.lines - story.subscriptions) % (2 * story.subscriptions)).toBe(0);
      }),
      { numRuns: 6 },
    );
  });
});
