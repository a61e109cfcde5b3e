import { unknown } from '../outcomes.js';
import type {
  AccountCheck,
  BookedCharge,
  CustomerOutcome,
  NewProviderCustomer,
  PortalOutcome,
  Reconciliation,
} from '../payment-provider.js';
import { fromProviderAmount } from '../../../../domain/payments/provider-amounts.js';
import { refusalOf, type StripeApi } from './stripe-api.js';

const INTENTS_MAX = 10_000;

/** `POST /customers`, once for each of our customers. */
export async function createCustomer(
  api: StripeApi,
  customer: NewProviderCustomer,
): Promise<CustomerOutcome> {
  const { customerId, name, email, phone } = customer;
  const result = await api.call('customer', (stripe) =>
    stripe.customers.create(
      {
        name,
        ...(email === null ? {} : { email }),
        ...(phone === null ? {} : { phone }),
        metadata: { customer: customerId },
      },
      { idempotencyKey: `customer-${customerId}` },
    ),
  );
  if (result.kind === 'unknown') return result;
  if (result.kind === 'refused') return refusalOf(result.error);
  return { kind: 'created', providerCustomerId: result.object.id };
}

/** `POST /billing_portal/sessions`: Stripe's own pages on which a customer sees to cards and invoices. */
export async function openPortal(
  api: StripeApi,
  { providerCustomerId, returnUrl }: { providerCustomerId: string; returnUrl: string },
): Promise<PortalOutcome> {
  const result = await api.call('billing_portal.session', (stripe) =>
    stripe.billingPortal.sessions.create({ customer: providerCustomerId, return_url: returnUrl }),
  );
  if (result.kind === 'unknown') return result;
  if (result.kind === 'refused') return refusalOf(result.error);
  return { kind: 'opened', url: result.object.url };
}

/** The intents of a span of time that brought money. */
export async function reconcile(
  api: StripeApi,
  { from, to }: { from: Date; to: Date },
): Promise<Reconciliation> {
  const created = { gte: Math.floor(from.getTime() / 1_000), lt: Math.ceil(to.getTime() / 1_000) };
  const result = await api.collect((stripe) =>
    stripe.paymentIntents.list({ created, limit: 100 }).autoPagingToArray({ limit: INTENTS_MAX }),
  );
  if (result.kind === 'unknown') return result;
  if (result.kind === 'refused') return unknown(refusalOf(result.error).message);
  if (result.object.length >= INTENTS_MAX) return unknown('There are more payments than are read at once.');
  const charges = result.object
    .filter(({ status }) => status === 'succeeded')
    .map(({ id, metadata, amount_received: received, currency }): BookedCharge => {
      const code = currency.toUpperCase();
      const amount = fromProviderAmount('stripe', { text: String(received), currency: code });
      return { reference: metadata['reference'] ?? null, providerPaymentId: id, amount, currency: code };
    });
  return { kind: 'listed', charges };
}

/** Reads one payment of the list, which takes a key and changes nothing. */
export async function checkAccount(api: StripeApi): Promise<AccountCheck> {
  const result = await api.call('list', (stripe) => stripe.paymentIntents.list({ limit: 1 }));
  if (result.kind === 'unknown') return result;
  return result.kind === 'object'
    ? { kind: 'ok' }
    : { kind: 'refused', message: refusalOf(result.error).message };
}
