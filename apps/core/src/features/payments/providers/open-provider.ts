import { absentProvider } from './absent-provider.js';
import type { PaymentProvider } from './payment-provider.js';
import { paystackProvider } from './paystack/paystack-provider.js';
import type { AnyOpenAccount, ProviderDeps } from './provider-clients.js';

/** The adapter of an account's provider, on that account. */
export function openProvider(deps: ProviderDeps, account: AnyOpenAccount): PaymentProvider {
  if (account.provider === 'paystack') return paystackProvider(deps, account);
  return absentProvider(account.provider);
}
