// The same on other servers: the order in which the code takes rows.
import { adjustBalance } from '@nova/core/features/balances/adjust-balance.js';
import { finalizeDueInvoices } from '@nova/core/features/billing/finalize-due-invoices.js';
import { removeDiscount } from '@nova/core/features/coupons/remove-discount.js';
import { giveDiscount } from '@nova/core/features/coupons/give-discount.js';
import { createCreditNote } from '@nova/core/features/credit-notes/create-credit-note.js';
import { CreateCreditNoteSchema } from '@nova/core/features/credit-notes/credit-notes.schemas.js';
import { createInvoice } from '@nova/core/features/invoices/create-invoice.js';
import { finalizeInvoice } from '@nova/core/features/invoices/finalize-invoice.js';
import { CreateInvoiceSchema } from '@nova/core/features/invoices/invoices.schemas.js';
import { voidInvoice } from '@nova/core/features/invoices/void-invoice.js';
import { actOnSubscription } from '@nova/core/features/subscriptions/act-on-subscription.js';
import { runBilling } from '@nova/core/features/subscriptions/run-billing.js';
import { PreviewSubscriptionSchema } from '@nova/core/features/subscriptions/verbs.schemas.js';
import { ingestUsage } from '@nova/core/features/usage/ingest-usage.js';
import { topUpWallet } from '@nova/core/features/wallets/top-up-wallet.js';
import { stoppedClock } from '@nova/core/platform/clock/clock.js';
import { ProblemError } from '@nova/core/platform/errors/define-error.js';
import { saysAway } from '@nova/core/platform/http/away.js';
import type { TenantContext } from '@nova/core/tenancy/tenant-context.js';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { expectStatus, type ApiResponse } from '../support/api.js';
import { booksAt } from '../support/books-at.js';
import { asSuperuser, createPlatformDatabases, type PlatformDatabases } from '../support/central-database.js';
import { eventually } from '../support/eventually.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';
import { tenantDatabaseUrl } from '../support/tenant-database.js';

type Body = ApiResponse['body'];

const DAY_MS = 86_400_000;
const ROUNDS = 1;
/** What every transaction waits for after it has taken such a row, so that two that run at once do overlap. */
const LINGER_SECONDS = 0.015;
const CONTENDED = ['customer_balances', 'discounts', 'wallets', 'number_series', 'usage_late', 'invoices'];
/** How often each of a pair is done in a round. */
const AT_ONCE = 3;

let databases: PlatformDatabases;
let nova: Nova;
let tenant: TestTenant;
let couponId: string;
let customers: { id: string; wallet: string; subscriptions: { id: string; fees: string[] }[] }[];
let moment = Date.now();
let count = 0;

beforeAll(async () => {
  databases = await createPlatformDatabases(inject('postgresUrl'));
  nova = await startNova({ processors: 'none', databases });
  tenant = await nova.tenant({ timeZone: 'UTC' });
  const prices = await catalog();
  couponId = (
    await made('/coupons', { name: 'A tenth', kind: 'percentage', percentOff: '10', duration: 'forever' })
  ).id;
  customers = [await customerOf(prices), await customerOf(prices)];
});

afterAll(() => databases.drop());

const made = async (path: string, body: Record<string, unknown>): Promise<Body> =>
  expectStatus(await tenant.api.post(path, body), 201);

interface Catalog {
  readonly planId: string;
  readonly fees: string[];
  readonly usage: string[];
}

async function catalog(): Promise<Catalog> {
  const { id: planId } = await made('/plans', { name: 'API' });
  const rhythm = { currency: 'NGN', interval: 'month', intervalCount: 1 };
  const price = { ...rhythm, model: 'per_unit', unitAmount: '3000' };
  const fees: string[] = [];
  for (let n = 0; n < 2; n++) {
    fees.push((await made(`/plans/${planId}/prices`, { ...price, type: 'recurring' })).id);
  }
  const usage: string[] = [];
  for (const eventName of ['calls', 'stored']) {
    const meter = await made('/meters', { name: eventName, eventName, aggregation: 'count' });
    const { id } = await made(`/plans/${planId}/prices`, { ...price, type: 'usage', meterId: meter.id });
    usage.push(id);
  }
  return { planId, fees, usage };
}

/** One with two subscriptions, a coupon, and something on its balance and in its wallet. */
async function customerOf({ planId, fees, usage }: Catalog) {
  const { id } = await made('/customers', { name: 'Ada', currency: 'NGN', invoicing: 'together' });
  await made(`/customers/${id}/discounts`, { couponId });
  await made(`/customers/${id}/balance/adjustments`, { currency: 'NGN', amount: 900_000_000, note: 'Much' });
  const wallet = await made('/wallets', { customerId: id, name: 'Credit' });
  const subscriptions = [];
  for (let n = 0; n < 2; n++) {
    const items = [...fees, ...usage].map((priceId) => ({ priceId }));
    const body = { customerId: id, planId, items, collectionMethod: 'send_invoice' };
    const { id: subscriptionId } = await made('/subscriptions', body);
    subscriptions.push({ id: subscriptionId as string, fees });
  }
  return { id: id as string, wallet: wallet.id as string, subscriptions };
}

/**
 * Does something in the tenant's books at the moment that the story has come to. What is refused, or gets no connection in
 * time, is no matter here.
 */
async function inBooks<T>(work: (ctx: TenantContext) => Promise<T>): Promise<T | null> {
  try {
    return await booksAt({ nova, tenant, moment }, work);
  } catch (error) {
    if (error instanceof ProblemError || saysAway(error)) return null;
    throw error;
  }
}

/** By chance, as what happens at once in life. */
const any = <T>(of: readonly T[]): T => {
  const one = of[Math.floor(Math.random() * of.length)];
  if (one === undefined) throw new Error('There is none.');
  return one;
};

async function issued(ctx: TenantContext, unitAmount = '700'): Promise<string> {
  const lines = [{ description: 'Work', unitAmount }];
  const input = { customerId: any(customers).id, lines, discounts: 'customer' };
  const { id } = await createInvoice(ctx, CreateInvoiceSchema.parse(input));
  await finalizeInvoice(ctx, id);
  return id;
}

function used(ctx: TenantContext): Promise<unknown> {
  const since = [1, 20, 40].map((days) => new Date(moment - days * DAY_MS).toISOString());
  const events = customers.flatMap(({ id: customerId }) =>
    ['calls', 'stored'].flatMap((eventName) =>
      since.map((timestamp) => ({ transactionId: `e-${count++}`, customerId, eventName, timestamp })),
    ),
  );
  return ingestUsage(ctx, count % 2 === 0 ? events : events.toReversed());
}

const TO_DO: Record<string, (ctx: TenantContext) => Promise<unknown>> = {
  'a change of seats': (ctx) => {
    const { id, fees } = any(any(customers).subscriptions);
    // More of one and less of the other: a credit note and an invoice.
    const quantity = 1 + (count++ % 4);
    const items = fees.map((priceId, index) => ({
      priceId,
      quantity: String(index === 0 ? quantity : 5 - quantity),
    }));
    const request = { verb: 'change', input: { items, timing: 'immediate' } };
    return actOnSubscription(
      ctx,
      { reference: id, expected: null },
      PreviewSubscriptionSchema.parse(request),
    );
  },
  'an invoice': (ctx) => issued(ctx),
  // Of more than the customer has: what is paid already is not voided.
  'a void': async (ctx) => voidInvoice(ctx, await issued(ctx, '5000000000')),
  'a credit note': async (ctx) => {
    const input = { invoiceId: await issued(ctx), to: 'balance', reason: 'other' };
    return createCreditNote(ctx, CreateCreditNoteSchema.parse(input));
  },
  'a gift to a wallet': (ctx) => topUpWallet(ctx, any(customers).wallet, { amount: 300, kind: 'free' }),
  'a sold top-up': (ctx) => topUpWallet(ctx, any(customers).wallet, { amount: 300, kind: 'paid' }),
  'an adjustment': (ctx) =>
    adjustBalance(ctx, any(customers).id, { currency: 'NGN', amount: 50, note: 'For the wait' }),
  'a coupon anew': async (ctx) => {
    const { id } = any(customers);
    const given = await ctx.db.discount.findFirst({ where: { customerId: id, status: 'active' } });
    if (given) await removeDiscount(ctx, id, given.id);
    await giveDiscount(ctx, id, { couponId });
  },
  'usage, some of it late': used,
  'a run of all that is due': async (ctx) => {
    await used(ctx);
    moment += 5 * DAY_MS;
    await runBilling({ ...ctx, clock: stoppedClock(new Date(moment)) });
  },
  'the end of all graces': finalizeDueInvoices,
};

async function linger(url: string): Promise<void> {
  const triggers = CONTENDED.map(
    (table) =>
      `CREATE TRIGGER linger AFTER INSERT OR UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION linger();`,
  );
  await asSuperuser(url, (client) =>
    client.query(`CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_sleep(${LINGER_SECONDS}); RETURN NULL; END $$; ${triggers.join(' ')}`),
  );
}

async function deadlocks(url: string): Promise<number> {
  const name = new URL(url).pathname.slice(1);
  return asSuperuser(databases.centralUrl, async (client) => {
    // A pooler keeps its connections for a while after everybody has left.
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    const { rows } = await client.query<{ deadlocks: string; backends: number }>(
      'SELECT deadlocks, numbackends AS backends FROM pg_stat_database WHERE datname = $1',
      [name],
    );
    // A connection tells of its deadlocks when it ends, if not before.
    if (rows[0]?.backends !== 0) throw new Error('The database is in use still.');
    return Number(rows[0].deadlocks);
  });
}

describe('transactions of the billing engine', () => {
  it('never lock each other out, whichever two run at once', async () => {
    const url = await tenantDatabaseUrl(databases, tenant.tenantId);
    await linger(url);
    const works = Object.values(TO_DO);
    for (let round = 0; round < ROUNDS; round++) {
      for (const [index, one] of works.entries()) {
        for (const other of works.slice(index)) {
          const both = Array.from({ length: AT_ONCE }, () => [inBooks(one), inBooks(other)]);
          await Promise.all(both.flat());
        }
      }
    }
    expect(await inBooks((ctx) => ctx.db.invoice.count({ where: { status: 'paid' } }))).toBeGreaterThan(0);
    expect(await inBooks((ctx) => ctx.db.creditNote.count())).toBeGreaterThan(0);
    await nova.stop();
    expect(await eventually(() => deadlocks(url))).toBe(0);
  }, 600_000);
});
