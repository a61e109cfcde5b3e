import type { ProviderName } from '../../../domain/payments/provider-amounts.js';
import { CAPABILITIES } from './capabilities.js';
import { rejected, unknown } from './outcomes.js';
import type { PaymentProvider } from './payment-provider.js';

const WHY = 'The tenant has no account with the provider in this mode.';

/** Stands where a tenant has no account with a provider: nothing can be charged, and of what was, nothing is known. */
export function absentProvider(name: ProviderName): PaymentProvider {
  const refuse = () => Promise.resolve(rejected('provider_not_configured', WHY));
  const notKnown = () => Promise.resolve(unknown(WHY));
  return {
    name,
    capabilities: CAPABILITIES[name],
    createCheckout: refuse,
    chargeSaved: refuse,
    verify: notKnown,
    refund: () => Promise.resolve({ kind: 'failed', code: 'provider_not_configured', message: WHY }),
    verifyRefund: notKnown,
    reconcile: notKnown,
    check: () => Promise.resolve({ kind: 'refused', message: WHY }),
  };
}
