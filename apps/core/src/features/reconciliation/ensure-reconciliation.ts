import { isProviderName } from '../../domain/payments/provider-amounts.js';
import { systemClock } from '../../platform/clock/clock.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const SOON_MS = 2 * MINUTE_MS;
/** Clocks differ. */
const LEEWAY_MS = 10 * MINUTE_MS;

/**
 * When books are read again: after an hour. Test clocks are moved by months at once while providers live in real time, so
 * that there a day is enough, of all providers at the same moment.
 * @param days how many days of a test clock
 */
export function nextReading({ mode, clock }: TenantContext, days = 1): Date {
  const now = clock.now().getTime();
  if (mode === 'live') return new Date(now + 60 * MINUTE_MS);
  return new Date((Math.floor(now / DAY_MS) + days) * DAY_MS);
}

/** Has a provider's books compared with ours from now on. Once is enough; providers without books of their own are passed over. */
export async function ensureReconciliation(
  ctx: TenantContext,
  tx: TenantTransaction,
  provider: string,
): Promise<void> {
  if (!isProviderName(provider)) return;
  const now = ctx.clock.now();
  const nextAt = nextReading(ctx);
  const since = new Date(systemClock.now().getTime() - LEEWAY_MS);
  const { count } = await tx.db.reconciliation.createMany({
    data: [{ provider, reconciledUntil: since, since, nextAt, updatedAt: now }],
    skipDuplicates: true,
  });
  if (count > 0) tx.due('reconciliations', nextAt);
}

/** Has a provider's books read again soon, from a little before now: something was told of that they do not have yet. */
export async function reconcileSoon(
  ctx: TenantContext,
  tx: TenantTransaction,
  provider: string,
): Promise<void> {
  await ensureReconciliation(ctx, tx, provider);
  const soon = new Date(ctx.clock.now().getTime() + SOON_MS);
  const reconciledUntil = new Date(systemClock.now().getTime() - LEEWAY_MS);
  await tx.db.reconciliation.updateMany({
    where: { provider, reconciledUntil: { gt: reconciledUntil } },
    data: { reconciledUntil },
  });
  const { count } = await tx.db.reconciliation.updateMany({
    where: { provider, nextAt: { gt: soon } },
    data: { nextAt: soon },
  });
  if (count > 0) tx.due('reconciliations', soon);
}
