import type { PaymentAccount } from '@nova/prisma-central';

import { amountRefusal, isProviderName } from '../../domain/payments/provider-amounts.js';
import { CAPABILITIES } from './providers/capabilities.js';

/** What a payment takes of a provider. */
export interface Wanted {
  readonly currency: string;
  /** Minor units; null when the sum is not known yet. */
  readonly amount: bigint | null;
  /** `unattended` charges saved methods without their owner. */
  readonly how: 'attended' | 'unattended';
}

type Candidate = Pick<PaymentAccount, 'provider' | 'enabled' | 'currencies' | 'priority'>;

/**
 * Of a tenant's accounts, the one for a payment: it takes the currency and the sum, can do what is wanted, and comes first
 * in the tenant's order. Null when there is none: ETB and DZD, for example, have Stripe alone.
 */
export function chooseProvider<T extends Candidate>(accounts: readonly T[], wanted: Wanted): T | null {
  const able = accounts.filter((account) => canTake(account, wanted));
  return able.toSorted((a, b) => a.priority - b.priority)[0] ?? null;
}

/** Whether new payments of a kind may go to an account. */
export function canTake(
  { provider, enabled, currencies }: Candidate,
  { currency, amount, how }: Wanted,
): boolean {
  if (!enabled || !isProviderName(provider)) return false;
  if (currencies.length > 0 && !currencies.includes(currency)) return false;
  const capabilities = CAPABILITIES[provider];
  const rule = capabilities.currencies?.get(currency);
  if (!rule || (amount !== null && amountRefusal(rule, { amount, currency }) !== null)) return false;
  return how === 'attended' || capabilities.unattendedCharges !== 'no';
}
