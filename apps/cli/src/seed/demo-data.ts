import { setTimeout as sleep } from 'node:timers/promises';

import type { HttpClient } from './http-client.js';

interface Identified {
  id: string;
}

interface Page<T> {
  data: T[];
}

const CUSTOMER = {
  externalId: 'demo-customer',
  name: 'Mama Njeri Bakery',
  email: 'accounts@mamanjeri.example',
  phone: '+2348029876543',
  currency: 'NGN',
  country: 'NG',
  address: { line1: '7 Allen Avenue', city: 'Ikeja', state: 'Lagos', country: 'NG' },
};

const PLAN = { externalId: 'demo-plan', name: 'Roastery Pro' };

const PRICES = [
  { externalId: 'demo-price-base', model: 'flat', unitAmount: '1500000' },
  { externalId: 'demo-price-seat', model: 'per_unit', unitAmount: '250000' },
];

const SUBSCRIPTION = {
  externalId: 'demo-subscription',
  customerId: CUSTOMER.externalId,
  planId: PLAN.externalId,
  items: [
    { priceId: 'demo-price-base', quantity: '1' },
    { priceId: 'demo-price-seat', quantity: '3' },
  ],
};

const PAID_WITHIN_MS = 15_000;

/** Fills the demo's test database: a customer with a sandbox payment method, a plan, and a subscription that gets paid. */
export async function ensureDemoData(api: HttpClient): Promise<void> {
  if (await api.find(`/subscriptions/${SUBSCRIPTION.externalId}`)) return;
  await ensureCustomer(api);
  await ensurePlan(api);
  const subscription = await api.post<Identified>('/subscriptions', SUBSCRIPTION);
  await waitUntilPaid(api, subscription.id);
}

async function ensureCustomer(api: HttpClient): Promise<void> {
  const place = `/customers/${CUSTOMER.externalId}`;
  if (!(await api.find(place))) await api.post('/customers', CUSTOMER);
  const methods = await api.get<Page<Identified>>(`${place}/payment-methods`);
  if (methods.data.length === 0) await api.post(`${place}/payment-methods`, { token: 'pm_sandbox_success' });
}

async function ensurePlan(api: HttpClient): Promise<void> {
  const place = `/plans/${PLAN.externalId}`;
  if (!(await api.find(place))) await api.post('/plans', PLAN);
  const prices = await api.get<Page<{ externalId: string | null }>>(`${place}/prices`);
  for (const price of PRICES) {
    if (prices.data.some(({ externalId }) => externalId === price.externalId)) continue;
    await api.post(`${place}/prices`, {
      ...price,
      currency: 'NGN',
      type: 'recurring',
      interval: 'month',
      intervalCount: 1,
    });
  }
}

/** The worker collects the first invoice in a moment. A newcomer should find it paid; if not, it is still on its way. */
async function waitUntilPaid(api: HttpClient, subscriptionId: string): Promise<void> {
  const deadline = performance.now() + PAID_WITHIN_MS;
  while (performance.now() < deadline) {
    const invoices = await api.get<Page<{ status: string }>>(`/invoices?subscription=${subscriptionId}`);
    if (invoices.data.some(({ status }) => status === 'paid')) return;
    await sleep(50);
  }
}
