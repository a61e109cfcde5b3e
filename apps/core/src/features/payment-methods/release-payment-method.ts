import { isProviderName } from '../../domain/payments/provider-amounts.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { PaymentProviders } from '../payments/providers/payment-providers.js';

/**
 * Gives a method that was detached up at its provider too, where it has a way to. It is charged no more by us whatever
 * comes of that. May run twice. A method of the same token that was attached again meanwhile keeps it.
 */
export async function releasePaymentMethod(
  ctx: TenantContext,
  providers: PaymentProviders,
  id: string,
): Promise<void> {
  const method = await ctx.db.paymentMethod.findUnique({ where: { id } });
  if (method === null || method.detachedAt === null || !isProviderName(method.provider)) return;
  const { provider: name, token } = method;
  const inUse = await ctx.db.paymentMethod.count({ where: { provider: name, token, detachedAt: null } });
  if (inUse > 0) return;
  const provider = await providers.of(ctx, name);
  const outcome = await provider.detach?.(ctx, { token });
  if (outcome === undefined || outcome.kind === 'detached') return;
  const { message } = outcome;
  if (outcome.kind === 'unknown') throw new Error(`A method could not be given up at ${name}: ${message}`);
  ctx.log.warn({ paymentMethodId: id, reason: message }, 'A provider did not give up a saved method.');
}
