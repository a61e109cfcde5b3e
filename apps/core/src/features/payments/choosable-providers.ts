import { channelsOf, type PaymentChannel, providerFace } from '../../domain/payments/provider-channels.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { canTake } from './choose-provider.js';
import type { ProviderAccounts } from './providers/provider-accounts.js';

/** A way to pay that a customer is offered. */
export interface ChoosableProvider {
  /** What `beginCheckout` takes. */
  readonly provider: string;
  readonly label: string;
  /** It pushes the payment to a phone and opens no page. */
  readonly needsPhone: boolean;
  /** It takes no payment without an e-mail address. */
  readonly needsEmail: boolean;
  readonly channels: readonly PaymentChannel[];
}

/**
 * The providers that take a sum, in the tenant's order; none when no account of the tenant's does. In test mode the
 * sandbox stands in then, so that everything can be tried before there is an account.
 */
export async function choosableProviders(
  ctx: TenantContext,
  accounts: Pick<ProviderAccounts, 'usable'>,
  { currency, amount }: { currency: string; amount: bigint },
): Promise<ChoosableProvider[]> {
  const usable = await accounts.usable(ctx.databaseId);
  const able = usable.filter((account) => canTake(account, { currency, amount, how: 'attended' }));
  const names = able.map(({ provider }) => provider);
  if (names.length === 0 && ctx.mode === 'test') names.push('sandbox');
  return names.flatMap((provider) => {
    const face = providerFace(provider);
    return face ? [{ provider, ...face, channels: channelsOf(provider, currency) }] : [];
  });
}
