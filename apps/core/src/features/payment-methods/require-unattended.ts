import type { ProviderName } from '../../domain/payments/provider-amounts.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { CAPABILITIES } from '../payments/providers/capabilities.js';
import type { PaymentProviders } from '../payments/providers/payment-providers.js';
import { providerNotConfigured, providerNotUnattended } from './payment-methods.errors.js';

/**
 * Refuses a provider whose saved methods could not be charged.
 * @throws providerNotUnattended, providerNotConfigured
 */
export async function requireUnattended(
  ctx: TenantContext,
  providers: Pick<PaymentProviders, 'usable'>,
  provider: ProviderName,
): Promise<void> {
  const errors = (code: string, message: string) => ({
    errors: [{ pointer: '/provider', code, message }],
  });
  if (CAPABILITIES[provider].unattendedCharges === 'no') {
    const { code } = providerNotUnattended;
    throw providerNotUnattended(
      'It asks the payer each time: send a link to pay instead.',
      errors(code, 'charges nobody unattended'),
    );
  }
  const usable = await providers.usable(ctx);
  if (usable.some((account) => account.provider === provider)) return;
  throw providerNotConfigured(
    `There is no account with ${provider} in ${ctx.mode} mode, or it is switched off.`,
    errors(providerNotConfigured.code, `has no account in ${ctx.mode} mode`),
  );
}
