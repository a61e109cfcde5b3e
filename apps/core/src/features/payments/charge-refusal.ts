import { amountRefusal } from '../../domain/payments/provider-amounts.js';
import type { Mode } from '../../tenancy/tenant-context.js';
import { type ChargeOutcome, rejected } from './providers/outcomes.js';
import type { ProviderCapabilities } from './providers/payment-provider.js';

/** Why a provider is not even asked to make a charge; null when it can be. */
export function chargeRefusal(
  { modes, currencies }: ProviderCapabilities,
  { mode, amount, currency }: { mode: Mode; amount: bigint; currency: string },
): ChargeOutcome | null {
  if (!modes.includes(mode))
    return rejected('provider_not_configured', `The provider is not for ${mode} mode.`);
  if (currencies === null) return null;
  const rule = currencies.get(currency);
  if (!rule) return rejected('currency_not_supported', `The provider takes no money in ${currency}.`);
  const refused = amountRefusal(rule, { amount, currency });
  return refused && rejected(refused, `The provider does not take ${amount} minor units of ${currency}.`);
}
