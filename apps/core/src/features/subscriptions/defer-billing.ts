import { ProblemError } from '../../platform/errors/define-error.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';

const MINUTE_MS = 60_000;
const DELAY_MAX_MS = 24 * 60 * MINUTE_MS;
const MESSAGE_LENGTH_MAX = 500;

/**
 * Puts off a subscription that could not be billed, with the reason where its owner sees it: after 1 minute, then
 * 2, 4, 8 and so on, up to a day. Nothing is lost: the periods it missed are billed once it can be.
 */
export async function deferBilling(ctx: TenantContext, id: string, error: unknown): Promise<void> {
  ctx.log.error({ err: error, subscriptionId: id }, 'A subscription could not be billed and was put off');
  await ctx.transaction(async (tx) => {
    await tx.db.$queryRaw`SELECT id FROM subscriptions WHERE id = ${id} FOR UPDATE`;
    const subscription = await tx.db.subscription.findUniqueOrThrow({ where: { id } });
    const now = ctx.clock.now();
    if (subscription.nextBillingAt === null || subscription.nextBillingAt > now) return;
    const nextBillingAt = new Date(now.getTime() + delayAfter(subscription.billingRetries));
    await tx.db.subscription.update({
      where: { id },
      data: {
        billingError: messageOf(error),
        billingRetries: { increment: 1 },
        nextBillingAt,
        updatedAt: now,
      },
    });
    tx.due('billing', nextBillingAt);
  });
}

/** How long to wait after so many failures before this one. */
export function delayAfter(failures: number): number {
  return Math.min(DELAY_MAX_MS, MINUTE_MS * 2 ** Math.min(failures, 20));
}

/** What the tenant may read: a problem says itself, anything else is ours to look up in the log. */
function messageOf(error: unknown): string {
  const message = error instanceof ProblemError ? error.message : 'An unexpected error; it has been logged.';
  return message.slice(0, MESSAGE_LENGTH_MAX);
}
