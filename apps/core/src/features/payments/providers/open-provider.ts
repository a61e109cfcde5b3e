import { flutterwaveProvider } from './flutterwave/flutterwave-provider.js';
import { mpesaProvider } from './mpesa/mpesa-provider.js';
import type { PaymentProvider } from './payment-provider.js';
import { paystackProvider } from './paystack/paystack-provider.js';
import type { AnyOpenAccount, ProviderDeps } from './provider-clients.js';
import { stripeProvider } from './stripe/stripe-provider.js';

/** The adapter of an account's provider, on that account. */
export function openProvider(deps: ProviderDeps, account: AnyOpenAccount): PaymentProvider {
  switch (account.provider) {
    case 'paystack':
      return paystackProvider(deps, account);
    case 'flutterwave':
      return flutterwaveProvider(deps, account);
    case 'mpesa':
      return mpesaProvider(deps, account);
    case 'stripe':
      return stripeProvider(deps, account);
  }
}
