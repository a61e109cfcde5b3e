import { expectStatus, type Api } from './api.js';
import { sendSomeWebhook } from './some-webhook.js';

/** One object of every kind that a tenant's database may hold, by the name a path calls it. */
export interface BillingWorld {
  customerId: string;
  planId: string;
  featureId: string;
  priceId: string;
  paymentMethodId: string;
  subscriptionId: string;
  changeId: string;
  invoiceId: string;
  draftInvoiceId: string;
  paymentId: string;
  checkoutSessionId: string;
  couponId: string;
  discountId: string;
  taxRateId: string;
  creditNoteId: string;
  refundId: string;
  walletId: string;
  meterId: string;
  usageAlertId: string;
  transactionId: string;
  paymentProviderId: string;
  dunningPolicyId: string;
  webhookEndpointId: string;
  webhookDeliveryId: string;
  providerWebhookId: string;
}

/**
 * Makes a customer who pays by the sandbox, a monthly plan, a subscription with its first invoice and payment,
 * and a draft invoice. The first invoice is paid through the API, so that nothing has to be waited for.
 */
export async function buildBillingWorld(api: Api, marker: string): Promise<BillingWorld> {
  const customer = expectStatus(
    await api.post('/customers', {
      name: `Customer ${marker}`,
      email: `${marker}@customer.example`,
      currency: 'NGN',
    }),
    201,
  );
  const method = expectStatus(
    await api.post(`/customers/${customer.id}/payment-methods`, { token: 'pm_sandbox_success' }),
    201,
  );
  const { plan, price } = await createMonthlyPlan(api, marker);
  const feature = await grantFeature(api, { marker, planId: plan.id, customerId: customer.id });
  const subscription = expectStatus(
    await api.post('/subscriptions', {
      customerId: customer.id,
      planId: plan.id,
      collectionMethod: 'send_invoice',
    }),
    201,
  );
  const invoices = expectStatus(await api.get(`/invoices?subscription=${subscription.id}`), 200);
  const invoice = invoices.data[0];
  const payment = expectStatus(await api.post(`/invoices/${invoice.id}/pay`, {}), 200);
  const draft = expectStatus(
    await api.post('/invoices', {
      customerId: customer.id,
      currency: 'NGN',
      lines: [{ description: `Setup ${marker}`, quantity: '1', unitAmount: '250000' }],
    }),
    201,
  );
  const secretKey = `sk_test_${marker}-0123456789`;
  const account = { provider: 'paystack', credentials: { secretKey } };
  const provider = expectStatus(await api.post('/payment-providers', account), 201);
  const policy = expectStatus(await api.post('/dunning-policies', { isDefault: false }), 201);
  return {
    customerId: customer.id,
    planId: plan.id,
    featureId: feature.id,
    priceId: price.id,
    paymentMethodId: method.id,
    subscriptionId: subscription.id,
    changeId: await scheduleChange(api, subscription.id),
    invoiceId: invoice.id,
    draftInvoiceId: draft.id,
    paymentId: payment.id,
    paymentProviderId: provider.id,
    providerWebhookId: await sendSomeWebhook(api, { webhookUrl: provider.webhookUrl, secretKey }),
    dunningPolicyId: policy.id,
    checkoutSessionId: await openCheckout(api, marker, customer.id),
    ...(await giveCredit(api, { customerId: customer.id, invoiceId: invoice.id })),
    ...(await createCatalogExtras(api, marker, customer.id)),
    ...(await reportUsage(api, marker, customer.id)),
    ...(await listen(api)),
  };
}

/** A page that waits to be paid on, with an invoice of its own. */
async function openCheckout(api: Api, marker: string, customerId: string): Promise<string> {
  const lines = [{ description: `Extra ${marker}`, unitAmount: '90000' }];
  return expectStatus(await api.post('/checkout-sessions', { customerId, lines }), 201).id;
}

/** A webhook endpoint that is disabled by now, and a test event that was to be sent to it where nobody listens. */
async function listen(api: Api): Promise<Pick<BillingWorld, 'webhookEndpointId' | 'webhookDeliveryId'>> {
  const endpoint = { url: 'http://127.0.0.1:9/', eventTypes: ['webhook_endpoint.test'] };
  const { id } = expectStatus(await api.post('/webhook-endpoints', endpoint), 201);
  const delivery = expectStatus(await api.post(`/webhook-endpoints/${id}/test`, {}), 201);
  expectStatus(await api.patch(`/webhook-endpoints/${id}`, { status: 'disabled' }), 200);
  return { webhookEndpointId: id, webhookDeliveryId: delivery.id };
}

/** A change that waits for a year. */
async function scheduleChange(api: Api, subscriptionId: string): Promise<string> {
  const { items } = expectStatus(await api.get(`/subscriptions/${subscriptionId}`), 200);
  const at = new Date(Date.now() + 365 * 86_400_000).toISOString();
  const terms = { model: 'flat', amount: '1600000' };
  const change = { items: [{ id: items[0].id, terms }], timing: { at } };
  expectStatus(await api.post(`/subscriptions/${subscriptionId}/change`, change), 200);
  const changes = expectStatus(
    await api.get(`/subscriptions/${subscriptionId}/changes?status=scheduled`),
    200,
  );
  return changes.data[0].id;
}

/** A meter, an alert that one event is enough for, and that event. */
async function reportUsage(api: Api, marker: string, customerId: string) {
  const eventName = `scan-${marker}`;
  const body = { name: `Scans ${marker}`, eventName, aggregation: 'count', groupBy: ['place'] };
  const meter = expectStatus(await api.post('/meters', body), 201);
  const alert = expectStatus(
    await api.post('/usage-alerts', { meterId: meter.id, thresholds: [{ value: '1' }] }),
    201,
  );
  const event = { transactionId: `scan-${marker}-1`, customerId, eventName, properties: { place: 'gate' } };
  expectStatus(await api.post('/usage', event), 201);
  return { meterId: meter.id, usageAlertId: alert.id, transactionId: event.transactionId };
}

/** ₦10.00 of the invoice that go back, and a wallet in a currency that nothing is billed in. */
async function giveCredit(
  api: Api,
  { customerId, invoiceId }: { customerId: string; invoiceId: string },
): Promise<Pick<BillingWorld, 'creditNoteId' | 'refundId' | 'walletId'>> {
  const note = expectStatus(await api.post('/credit-notes', { invoiceId, amount: 1_000, to: 'refund' }), 201);
  const refunds = expectStatus(await api.get(`/refunds?creditNote=${note.id}`), 200);
  const wallet = expectStatus(
    await api.post('/wallets', { customerId, name: 'Credit', currency: 'KES' }),
    201,
  );
  expectStatus(await api.post(`/wallets/${wallet.id}/top-ups`, { amount: 5_000, kind: 'free' }), 201);
  return { creditNoteId: note.id, refundId: refunds.data[0].id, walletId: wallet.id };
}

/** A coupon that the customer has from now on, and a tax of something that nobody sells. */
async function createCatalogExtras(api: Api, marker: string, customerId: string) {
  const half = { name: `Half price ${marker}`, kind: 'percentage', percentOff: '50', duration: 'once' };
  const coupon = expectStatus(await api.post('/coupons', half), 201);
  const discount = expectStatus(
    await api.post(`/customers/${customerId}/discounts`, { couponId: coupon.id }),
    201,
  );
  const components = [{ code: 'VAT', name: 'VAT', rate: '5' }];
  const rate = { name: `Levy ${marker}`, country: 'NG', category: 'nothing', components };
  const taxRate = expectStatus(await api.post('/tax-rates', rate), 201);
  return { couponId: coupon.id, discountId: discount.id, taxRateId: taxRate.id };
}

/** A quota that the plan grants, and an override of it for the customer. */
async function grantFeature(
  api: Api,
  { marker, planId, customerId }: { marker: string; planId: string; customerId: string },
) {
  const code = `quota_${marker.toLowerCase().replaceAll(/[^a-z0-9]/g, '_')}`;
  const feature = expectStatus(
    await api.post('/features', { code, name: `Quota ${marker}`, kind: 'quota' }),
    201,
  );
  const features = [{ feature: code, amount: '100', reset: 'month' }];
  expectStatus(await api.request('PUT', `/plans/${planId}/features`, { features }), 200);
  const override = `/customers/${customerId}/feature-overrides/${code}`;
  expectStatus(await api.request('PUT', override, { amount: '1000' }), 200);
  return feature;
}

/** A plan of ₦15,000.00 a month, or of `price`. */
export async function createMonthlyPlan(api: Api, marker: string, price: Record<string, unknown> = {}) {
  const plan = expectStatus(await api.post('/plans', { name: `Plan ${marker}` }), 201);
  const created = expectStatus(
    await api.post(`/plans/${plan.id}/prices`, {
      currency: 'NGN',
      model: 'flat',
      type: 'recurring',
      unitAmount: '1500000',
      interval: 'month',
      intervalCount: 1,
      ...price,
    }),
    201,
  );
  return { plan, price: created };
}
