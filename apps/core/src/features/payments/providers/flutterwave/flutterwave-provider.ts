import { CAPABILITIES } from '../capabilities.js';
import type { PaymentProvider } from '../payment-provider.js';
import type { ProviderDeps } from '../provider-clients.js';
import { createPaymentLink } from './create-payment-link.js';
import { type FlutterwaveAccount, flutterwaveApi } from './flutterwave-api.js';
import { checkAccount, listTransactions } from './list-transactions.js';
import { findRefund, refundTransaction } from './refund-transaction.js';
import { tokenizedCharge } from './tokenized-charge.js';
import { verifyTransaction } from './verify-transaction.js';

/** Flutterwave, on one account. It knows no customers of ours: they come about with their first payment. */
export function flutterwaveProvider(deps: ProviderDeps, account: FlutterwaveAccount): PaymentProvider {
  const api = flutterwaveApi(deps, account);
  return {
    name: 'flutterwave',
    capabilities: {
      ...CAPABILITIES.flutterwave,
      unattendedCharges: account.credentials.unattended ? 'yes' : 'approval',
    },
    createCheckout: (_ctx, checkout) => createPaymentLink(api, checkout),
    chargeSaved: (_ctx, charge) => tokenizedCharge(api, charge),
    verify: (_ctx, query) => verifyTransaction(api, query),
    refund: (_ctx, order) => refundTransaction(api, order),
    verifyRefund: (_ctx, order) => findRefund(api, order),
    reconcile: (_ctx, window) => listTransactions(api, window),
    check: () => checkAccount(api),
  };
}
