import { isProviderName } from '../../domain/payments/provider-amounts.js';
import { systemClock } from '../../platform/clock/clock.js';
import type { Mode, TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';

const MINUTE_MS = 60_000;
/** Test clocks are moved by months at once, and providers live in real time: there once a day is enough. */
export const EVERY_MS: Readonly<Record<Mode, number>> = { live: 60 * MINUTE_MS, test: 24 * 60 * MINUTE_MS };
const SOON_MS = 2 * MINUTE_MS;
/** Clocks differ. */
const LEEWAY_MS = 10 * MINUTE_MS;

/** Has a provider's books compared with ours from now on. Once is enough; providers without books of their own are passed over. */
export async function ensureReconciliation(
  ctx: TenantContext,
  tx: TenantTransaction,
  provider: string,
): Promise<void> {
  if (!isProviderName(provider)) return;
  const now = ctx.clock.now();
  const nextAt = new Date(now.getTime() + EVERY_MS[ctx.mode]);
  const since = new Date(systemClock.now().getTime() - LEEWAY_MS);
  const { count } = await tx.db.reconciliation.createMany({
    data: [{ provider, reconciledUntil: since, since, nextAt, updatedAt: now }],
    skipDuplicates: true,
  });
  if (count > 0) tx.due('reconciliations', nextAt);
}

/** Has a provider's books read again soon: something was told of that they do not have yet. */
export async function reconcileSoon(
  ctx: TenantContext,
  tx: TenantTransaction,
  provider: string,
): Promise<void> {
  await ensureReconciliation(ctx, tx, provider);
  const soon = new Date(ctx.clock.now().getTime() + SOON_MS);
  const { count } = await tx.db.reconciliation.updateMany({
    where: { provider, nextAt: { gt: soon } },
    data: { nextAt: soon },
  });
  if (count > 0) tx.due('reconciliations', soon);
}
