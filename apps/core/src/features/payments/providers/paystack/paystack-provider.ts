import { CAPABILITIES } from '../capabilities.js';
import type { PaymentProvider } from '../payment-provider.js';
import type { ProviderDeps } from '../provider-clients.js';
import { chargeAuthorization } from './charge-authorization.js';
import { createCustomer } from './create-customer.js';
import { deactivateAuthorization } from './deactivate-authorization.js';
import { initializeTransaction } from './initialize-transaction.js';
import { checkAccount, listTransactions } from './list-transactions.js';
import { type PaystackAccount, paystackApi } from './paystack-api.js';
import { findRefund, refundTransaction } from './refund-transaction.js';
import { verifyTransaction } from './verify-transaction.js';

/** Paystack, on one account. */
export function paystackProvider(deps: ProviderDeps, account: PaystackAccount): PaymentProvider {
  const api = paystackApi(deps, account);
  return {
    name: 'paystack',
    capabilities: CAPABILITIES.paystack,
    createCheckout: (_ctx, checkout) => initializeTransaction(api, checkout),
    chargeSaved: (_ctx, charge) => chargeAuthorization(api, charge),
    verify: (_ctx, { reference }) => verifyTransaction(api, reference),
    refund: (_ctx, order) => refundTransaction(api, order),
    verifyRefund: (_ctx, order) => findRefund(api, order),
    reconcile: (_ctx, window) => listTransactions(api, window),
    check: () => checkAccount(api),
    createCustomer: (_ctx, customer) => createCustomer(api, customer),
    detach: (_ctx, { token }) => deactivateAuthorization(api, token),
  };
}
