import { discreetProvider } from './discreet-provider.js';
import type { PaymentProvider } from './payment-provider.js';
import type { AnyOpenAccount, ProviderDeps } from './provider-clients.js';

/** The adapter of an account's provider, on that account. Each is loaded with its client when it is first asked. */
export async function openProvider(deps: ProviderDeps, account: AnyOpenAccount): Promise<PaymentProvider> {
  return discreetProvider(await adapterOf(deps, account), account);
}

async function adapterOf(deps: ProviderDeps, account: AnyOpenAccount): Promise<PaymentProvider> {
  switch (account.provider) {
    case 'paystack': {
      const { paystackProvider } = await import('./paystack/paystack-provider.js');
      return paystackProvider(deps, account);
    }
    case 'flutterwave': {
      const { flutterwaveProvider } = await import('./flutterwave/flutterwave-provider.js');
      return flutterwaveProvider(deps, account);
    }
    case 'mpesa': {
      const { mpesaProvider } = await import('./mpesa/mpesa-provider.js');
      return mpesaProvider(deps, account);
    }
    case 'stripe': {
      const { stripeProvider } = await import('./stripe/stripe-provider.js');
      return stripeProvider(deps, account);
    }
  }
}
