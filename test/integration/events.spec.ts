// The same on other servers: events are rows of the transaction that they tell of, and outgoing webhooks are sent there.
import { dataSchemaOf } from '@nova/core/features/events/event-catalogue.js';
import { EVENT_TYPES, type EventType } from '@nova/core/features/events/event-types.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { buildBillingWorld, type BillingWorld, createMonthlyPlan } from '../support/billing-world.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';

interface EventWire {
  id: string;
  type: EventType;
  objectType: string;
  objectId: string;
  sequence: number;
  requestId: string | null;
  data: { object?: { object: string; id?: string }; previousAttributes?: Record<string, unknown> };
}

let nova: Nova;
let tenant: TestTenant;
let world: BillingWorld;
let events: EventWire[];

beforeAll(async () => {
  nova = await startNova();
  tenant = await nova.tenant();
  world = await buildBillingWorld(tenant.api, 'events');
  await changeEverything();
  await nova.settle();
  events = await readAll();
});
afterAll(() => nova.stop());

const post = async (path: string, body?: unknown) => {
  const answer = await tenant.api.post(path, body);
  expect(answer.status, `${path} ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  return answer.body;
};
const patch = async (path: string, body: unknown) => expectStatus(await tenant.api.patch(path, body), 200);
const remove = async (path: string) => expectStatus(await tenant.api.delete(path), 204);

async function readAll(): Promise<EventWire[]> {
  const all: EventWire[] = [];
  for (let cursor = ''; ;) {
    const page = expectStatus(await tenant.api.get(`/events?limit=100&sort=createdAt${cursor}`), 200);
    all.push(...(page.data as EventWire[]));
    if (!page.hasMore) return all;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}

/** What the world of other tests does not do: so that most types of event are written by somebody. */
async function changeEverything(): Promise<void> {
  await patch(`/customers/${world.customerId}`, { phone: '+2348012345678' });
  await remove(`/customers/${(await post('/customers', { name: 'Nobody' })).id}`);
  const second = await post(`/customers/${world.customerId}/payment-methods`, {
    token: 'pm_sandbox_success',
  });
  await post(`/payment-methods/${second.id}/default`);
  await remove(`/payment-methods/${second.id}`);
  await patch(`/plans/${world.planId}`, { description: 'For shops' });
  await patch(`/plans/${world.planId}/prices/${world.priceId}`, { name: 'Monthly' });
  await post(`/plans/${world.planId}/versions`, { trialDays: 7 });
  const { plan } = await createMonthlyPlan(tenant.api, 'to delete');
  await remove(`/plans/${plan.id}`);
  await patch(`/coupons/${world.couponId}`, { name: 'Half off' });
  await remove(`/customers/${world.customerId}/discounts/${world.discountId}`);
  const coupon = { name: 'Unused', kind: 'percentage', percentOff: '10', duration: 'once' };
  await remove(`/coupons/${(await post('/coupons', coupon)).id}`);
  await changeMoney();
  await changeCatalog();
  const path = `/subscriptions/${world.subscriptionId}`;
  await patch(path, { metadata: { shop: '7' } });
  await remove(`${path}/changes/${world.changeId}`);
  const { items } = expectStatus(await tenant.api.get(path), 200);
  const terms = { model: 'flat', amount: '1600000' };
  await post(`${path}/change`, { items: [{ id: items[0].id, terms }] });
  for (const verb of ['pause', 'resume', 'cancel', 'keep']) await post(`${path}/${verb}`, {});
  await post(`${path}/cancel`, { timing: 'immediate' });
  await post(`${path}/reactivate`, {});
}

/** Of meters, features and taxes: each is made, changed and deleted, alone or from a preset. */
async function changeCatalog(): Promise<void> {
  const meter = await post('/meters', { name: 'Pages', eventName: 'pages', aggregation: 'count' });
  await patch(`/meters/${meter.id}`, { name: 'Printed pages' });
  await remove(`/meters/${meter.id}`);
  await post('/meters/presets', { presets: ['api_calls'] });
  await post('/meters/presets', { presets: ['api_calls', 'cpu_time'] });
  const feature = await post('/features', { code: 'export_pdf', name: 'PDF', kind: 'switch' });
  await patch(`/features/${feature.id}`, { name: 'Export as PDF' });
  await remove(`/features/${feature.id}`);
  for (const country of ['KE', 'KE']) await post('/tax-rates/presets', { country });
  const rate = await post('/tax-rates', {
    name: 'Levy',
    country: 'GH',
    category: 'fuel',
    components: [{ code: 'LEVY', name: 'Levy', rate: '2' }],
  });
  await patch(`/tax-rates/${rate.id}`, { active: false });
  await remove(`/tax-rates/${rate.id}`);
}

async function changeMoney(): Promise<void> {
  const lines = [{ description: 'Work', quantity: '1', unitAmount: '250000' }];
  const draft = (customerId = world.customerId) =>
    post('/invoices', { customerId, currency: 'NGN', lines, collectionMethod: 'send_invoice' });
  await patch(`/invoices/${world.draftInvoiceId}`, { memo: 'Thank you' });
  await remove(`/invoices/${(await draft()).id}`);
  const open = async (customerId?: string) => {
    const { id } = await draft(customerId);
    await post(`/invoices/${id}/finalize`);
    return id as string;
  };
  await post(`/invoices/${await open()}/void`);
  await post(`/invoices/${await open()}/mark-uncollectible`);
  await post(`/invoices/${await open()}/mark-paid`, {});
  const note = await post('/credit-notes', { invoiceId: await open(), amount: 1_000, to: 'auto' });
  await post(`/credit-notes/${note.id}/void`);
  const poor = await post('/customers', { name: 'Poor', paymentMethodToken: 'pm_sandbox_declined' });
  const unpaid = await open(poor.id);
  await tenant.api.post(`/invoices/${unpaid}/pay`, {});
  await post(`/customers/${world.customerId}/balance/adjustments`, {
    currency: 'NGN',
    amount: 700,
    note: 'Sorry',
  });
  await post(`/invoices/${await open()}/void`);
  const given = await post('/credit-notes', { invoiceId: world.invoiceId, amount: 500, to: 'balance' });
  await post(`/credit-notes/${given.id}/void`);
  await patch(`/wallets/${world.walletId}`, { name: 'Prepaid' });
  await post(`/wallets/${world.walletId}/close`, { unused: 'give_up' });
  await dun(open);
}

/** Of three invoices one is paid, one is left in peace, and one is written about at once, by whoever hears the event. */
async function dun(open: () => Promise<string>): Promise<void> {
  const steps = [{ offsetDays: 0, actions: [{ kind: 'sms', template: 'first_reminder' }] }];
  const policy = await post('/dunning-policies', { name: 'At once', isDefault: false, steps });
  await patch(`/dunning-policies/${policy.id}`, { name: 'Texts' });
  const start = async () => {
    const id = await open();
    await post(`/invoices/${id}/dunning/start`, { policyId: policy.id });
    return id;
  };
  await start();
  await post(`/invoices/${await start()}/mark-paid`, {});
  await post(`/invoices/${await start()}/dunning/stop`);
  await remove(`/dunning-policies/${policy.id}`);
}

describe('every change', () => {
  it('is told by an event whose data fits the catalogue', () => {
    for (const { type, data, id } of events) {
      const { error } = dataSchemaOf(type).safeParse(data);
      expect(error?.issues ?? [], `${type} ${id} ${JSON.stringify(data)}`).toEqual([]);
    }
  });

  it('of almost every type is written here, and the others by tests of their own', () => {
    const elsewhere: EventType[] = [
      'checkout_session.completed',
      'checkout_session.created',
      'checkout_session.expired',
      'dispute.closed',
      'dispute.created',
      'dispute.updated',
      'dunning.exhausted',
      'entitlement.override_removed',
      'invoice.overdue',
      'payment.pending',
      'refund.failed',
      'subscription.renewed',
      'subscription.started',
      'subscription.trial_ended',
      'unmatched_payment.applied',
      'unmatched_payment.created',
      'unmatched_payment.dismissed',
      'unmatched_payment.reopened',
      'unmatched_payment.returned',
      'wallet.credit_expired',
      'wallet.depleted',
      'webhook_endpoint.disabled',
    ];
    const written = new Set(events.map(({ type }) => type));
    expect(EVENT_TYPES.filter((type) => !written.has(type) && !elsewhere.includes(type))).toEqual([]);
  });

  it('of an object has a greater number than the one before it, and the request that made it', () => {
    const last = new Map<string, number>();
    for (const { objectId, sequence, type } of events.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
      expect(sequence, type).toBeGreaterThan(last.get(objectId) ?? 0);
      last.set(objectId, sequence);
    }
    const byRequest = events.filter(({ requestId }) => requestId !== null);
    expect(byRequest.length).toBeGreaterThan(40);
  });

  it('shows the object as the API shows it, and what was different before', () => {
    const updated = events.find(
      ({ type, objectId }) => type === 'customer.updated' && objectId === world.customerId,
    );
    expect(updated?.data).toMatchObject({
      object: { phone: '+2348012345678' },
      previousAttributes: { phone: null },
    });
    expect(Object.keys(updated?.data.previousAttributes ?? {})).toEqual(['phone']);
  });
});

describe('what is asked for twice', () => {
  it.each([
    ['meter.created', 'API calls'],
    ['tax_rate.created', 'Kenya VAT'],
  ])('is told once: %s of the preset %s', (type, name) => {
    const made = events.filter(
      (event) => event.type === type && (event.data.object as { name?: string }).name === name,
    );
    expect(made).toHaveLength(1);
  });
});

describe('a customer’s balance', () => {
  it('is told by the events of its entries, each of which has one', async () => {
    const entries = expectStatus(
      await tenant.api.get(`/customers/${world.customerId}/balance/entries?limit=100`),
      200,
    );
    const told = events.filter(({ type }) => type.startsWith('balance.'));
    const byId = new Map(told.map(({ data }) => [data.object?.id, data.object]));
    expect(entries.data.length).toBeGreaterThan(2);
    for (const entry of entries.data) expect(byId.get(entry.id)).toEqual(entry);
    expect(byId.size).toBe(told.length);
    const kinds = told.map(({ type, data }) => `${type} ${(data.object as { kind?: string }).kind}`);
    expect(kinds).toEqual(
      expect.arrayContaining([
        'balance.adjusted adjustment',
        'balance.changed invoice',
        'balance.changed invoice_void',
        'balance.changed credit_note',
        'balance.changed credit_note_void',
      ]),
    );
  });
});

describe('GET /event-types', () => {
  it('has every type with its JSON Schema and an example', async () => {
    const { data } = expectStatus(await tenant.api.get('/event-types'), 200);
    expect(data.map(({ type }: { type: string }) => type)).toEqual([...EVENT_TYPES]);
    const paid = data.find(({ type }: { type: string }) => type === 'invoice.paid');
    expect(paid).toMatchObject({
      schema: { type: 'object', properties: { object: {} }, required: ['object'] },
      example: { object: { object: 'invoice' } },
    });
  });
});
