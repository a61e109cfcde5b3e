import { setTimeout as sleep } from 'node:timers/promises';

import type { PaymentAccount } from '@nova/prisma-central';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import { openProvider } from '../payments/providers/open-provider.js';
import type { Registration } from '../payments/providers/payment-provider.js';
import { openAccount } from '../payments/providers/sealed-account.js';
import type { ProviderDesk } from './provider-desk.js';

/** Who makes an account waits no longer for its provider than this. */
const WAITS_MS = 10_000;

/** `by_hand`: the provider is told its webhook address on its dashboard. */
export type WebhookRegistration = Registration | { readonly kind: 'by_hand' };

/**
 * Tells the provider of an account where its webhooks are to go, where a call does that. What comes of it is told and
 * kept from nothing: the account is there, and `/test` tells the provider again.
 */
export async function registerWebhooks(
  desk: ProviderDesk,
  ctx: TenantContext,
  row: PaymentAccount,
): Promise<WebhookRegistration> {
  const opened = await openAccount(desk.ring, { ...row, database: { mode: ctx.mode } }, desk.publicUrl);
  const provider = await openProvider(desk.accounts.deps, opened);
  if (!provider.registerWebhooks) return { kind: 'by_hand' };
  const late = { kind: 'unknown', message: 'The provider has not answered yet.' } as const;
  return Promise.race([provider.registerWebhooks(ctx), sleep(WAITS_MS, late, { ref: false })]);
}
