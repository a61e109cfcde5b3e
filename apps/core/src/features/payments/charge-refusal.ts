import type { Mode } from '../../tenancy/tenant-context.js';
import type { ChargeOutcome, ProviderCapabilities } from './providers/payment-provider.js';

/** Why a provider is not even asked to make a charge; null when it can be. */
export function chargeRefusal(
  { modes, currencies }: ProviderCapabilities,
  { mode, currency }: { mode: Mode; currency: string },
): ChargeOutcome | null {
  if (!modes.includes(mode)) {
    const message = `The provider is not for ${mode} mode.`;
    return { kind: 'rejected', code: 'provider_not_configured', message };
  }
  if (currencies && !(currencies as readonly string[]).includes(currency)) {
    const message = `The provider takes no money in ${currency}.`;
    return { kind: 'rejected', code: 'currency_not_supported', message };
  }
  return null;
}
