import { CAPABILITIES } from '../capabilities.js';
import type { PaymentProvider } from '../payment-provider.js';
import type { ProviderDeps } from '../provider-clients.js';
import { chargeOffSession } from './charge-off-session.js';
import { createRefund, findRefund } from './create-refund.js';
import { createSession } from './create-session.js';
import { checkAccount, createCustomer, openPortal, reconcile } from './customers.js';
import { detachMethod } from './detach-method.js';
import { type StripeAccount, stripeApi } from './stripe-api.js';
import { verifyPayment } from './verify-payment.js';

/** Stripe, on one account, by its SDK. */
export function stripeProvider(deps: ProviderDeps, account: StripeAccount): PaymentProvider {
  const api = stripeApi(deps, account);
  return {
    name: 'stripe',
    capabilities: CAPABILITIES.stripe,
    createCheckout: (_ctx, checkout) => createSession(api, checkout),
    chargeSaved: (_ctx, charge) => chargeOffSession(api, charge),
    verify: (_ctx, query) => verifyPayment(api, query, deps.clock.now()),
    refund: (_ctx, order) => createRefund(api, order),
    verifyRefund: (_ctx, order) => findRefund(api, order),
    reconcile: (_ctx, window) => reconcile(api, window),
    check: () => checkAccount(api),
    createCustomer: (_ctx, customer) => createCustomer(api, customer),
    detach: (_ctx, { token }) => detachMethod(api, token),
    portal: (_ctx, visit) => openPortal(api, visit),
  };
}
