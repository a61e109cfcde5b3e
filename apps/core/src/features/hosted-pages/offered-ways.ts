import { isProviderName } from '../../domain/payments/provider-amounts.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { choosableProviders, type ChoosableProvider } from '../payments/choosable-providers.js';
import { CAPABILITIES } from '../payments/providers/capabilities.js';
import type { ProviderAccounts } from '../payments/providers/provider-accounts.js';
import type { WayToPay } from './pages/ways-to-pay.js';
import { amountToPay, type HostedInvoice, hasExpired } from './read-hosted-invoice.js';

/** Whether anything can be paid on the page. */
export function isPayable(ctx: TenantContext, { invoice, session }: HostedInvoice): boolean {
  const isOwed = ['open', 'uncollectible'].includes(invoice.status) && invoice.amountDue > 0n;
  return isOwed && session?.status !== 'complete' && !hasExpired(ctx, session);
}

/** The ways in which a page can be paid, in the tenant's order; none when nothing can be. */
export async function offeredWays(
  ctx: TenantContext,
  accounts: ProviderAccounts,
  hosted: HostedInvoice,
): Promise<WayToPay[]> {
  if (!isPayable(ctx, hosted)) return [];
  const wanted = { currency: hosted.invoice.currency, amount: amountToPay(hosted) };
  const providers = await choosableProviders(ctx, accounts, wanted);
  return providers.map((choice) => wayOf(choice, hosted));
}

function wayOf(
  { provider, label, needsPhone, needsEmail, channels }: ChoosableProvider,
  { invoice, session }: HostedInvoice,
): WayToPay {
  return {
    provider,
    label,
    channels,
    needsPhone,
    asksEmail: needsEmail && invoice.customer.email === null,
    saves: canSave(provider) ? (CHOICES[session?.savesMethod ?? 'offered'] ?? 'never') : 'never',
  };
}

const CHOICES: Readonly<Record<string, WayToPay['saves']>> = {
  offered: 'ask',
  always: 'always',
  never: 'never',
};

/** Where the customer has to be there each time, nothing is saved by having been there once. */
function canSave(provider: string): boolean {
  return isProviderName(provider) && CAPABILITIES[provider].unattendedCharges !== 'no';
}
