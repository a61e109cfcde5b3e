import { CAPABILITIES } from '../capabilities.js';
import type { AccountCheck, PaymentProvider } from '../payment-provider.js';
import type { ProviderDeps } from '../provider-clients.js';
import { type MpesaAccount, type MpesaApi, mpesaApi } from './mpesa-api.js';
import { reconcile } from './pull-transactions.js';
import { registerAddresses } from './register-addresses.js';
import { refund, refundState } from './refund.js';
import { stkPush } from './stk-push.js';
import { stkQuery } from './stk-query.js';

/** M-Pesa in Kenya, by Safaricom's Daraja, on one account. A saved method is a phone, which is asked for its PIN each time. */
export function mpesaProvider(deps: ProviderDeps, account: MpesaAccount): PaymentProvider {
  const api = mpesaApi(deps, account);
  const { initiator } = account.credentials;
  return {
    name: 'mpesa',
    capabilities: {
      ...CAPABILITIES.mpesa,
      partialRefunds: initiator?.disbursementShortcode !== undefined,
    },
    createCheckout: (_ctx, checkout) => stkPush(api, checkout),
    chargeSaved: (_ctx, charge) => stkPush(api, { ...charge, phone: charge.token }),
    verify: (ctx, query) => stkQuery(api, query, ctx.clock.now()),
    refund: (_ctx, order) => refund(api, order),
    verifyRefund: (_ctx, order) => Promise.resolve(refundState(order)),
    reconcile: (_ctx, window) => reconcile(api, window),
    check: () => checkAccount(api),
    registerWebhooks: () => registerAddresses(api),
  };
}

/** A token is all that can be had without moving money or asking a phone. */
async function checkAccount(api: MpesaApi): Promise<AccountCheck> {
  const token = await api.token();
  return token.kind === 'token' ? { kind: 'ok' } : token;
}
