import type { TenantContext } from '../../tenancy/tenant-context.js';
import type { ProviderName } from '../../domain/payments/provider-amounts.js';
import { openProvider } from '../payments/providers/open-provider.js';
import type { AccountCheck } from '../payments/providers/payment-provider.js';
import { openAccount } from '../payments/providers/sealed-account.js';
import type { ProviderDesk } from './provider-desk.js';
import { registerWebhooks, type WebhookRegistration } from './register-webhooks.js';

export type ProviderTest = AccountCheck & {
  readonly provider: ProviderName;
  readonly durationMs: number;
  /** Null unless the credentials are good. */
  readonly registration: WebhookRegistration | null;
};

/**
 * Makes a call of the provider's that moves nothing and takes valid credentials, and tells a provider that did not hear
 * of it before where its webhooks are to go.
 * @throws notFound
 */
export async function testPaymentProvider(
  desk: ProviderDesk,
  ctx: TenantContext,
  id: string,
): Promise<ProviderTest> {
  const row = await desk.require(ctx, id);
  const opened = await openAccount(desk.ring, { ...row, database: { mode: ctx.mode } }, desk.publicUrl);
  const provider = await openProvider(desk.accounts.deps, opened);
  const startedAt = performance.now();
  const check = await provider.check(ctx);
  const durationMs = Math.round(performance.now() - startedAt);
  const registration = check.kind === 'ok' ? await registerWebhooks(desk, ctx, row) : null;
  return { ...check, provider: opened.provider, durationMs, registration };
}
