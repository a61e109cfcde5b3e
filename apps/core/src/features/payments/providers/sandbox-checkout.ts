import type { SandboxCharge } from '@nova/prisma-tenant';

import { newId } from '../../../platform/ids/new-id.js';
import { notFound } from '../../../platform/errors/common-errors.js';
import type { TenantContext } from '../../../tenancy/tenant-context.js';
import type { ChargeOutcome } from './outcomes.js';
import type { Checkout } from './payment-provider.js';

/** What a charge has as its token whose customer pays on the sandbox's page. */
export const SANDBOX_CHECKOUT = 'sandbox_checkout';

/** How long a checkout that is left pending takes to settle, on the tenant's clock. */
const SETTLES_AFTER_MS = 60_000;

/** What the person at the sandbox's page has the bank say: a pending payment succeeds a minute later. */
export type SandboxOutcome = 'succeed' | 'decline' | 'pending';

/** Opens a page of the sandbox's. It is one of our own, at `/pay/sandbox/<reference>`. */
export async function createSandboxCheckout(
  ctx: TenantContext,
  publicUrl: string,
  { reference, amount, currency }: Checkout,
): Promise<ChargeOutcome> {
  const id = newId('sch');
  await ctx.db.sandboxCharge.createMany({
    data: [
      {
        id,
        reference,
        token: SANDBOX_CHECKOUT,
        amount,
        currency,
        status: 'pending',
        createdAt: ctx.clock.now(),
      },
    ],
    skipDuplicates: true,
  });
  const charge = await ctx.db.sandboxCharge.findUniqueOrThrow({ where: { reference } });
  return atThePage(publicUrl, charge);
}

/** The customer has not decided yet. */
export function isAtThePage({ token, status, settlesAt }: SandboxCharge): boolean {
  return token === SANDBOX_CHECKOUT && status === 'pending' && settlesAt === null;
}

/** What the sandbox says of a checkout whose customer is still to pay. */
export function atThePage(publicUrl: string, { id, reference }: SandboxCharge): ChargeOutcome {
  return { kind: 'requires_action', url: `${publicUrl}/pay/sandbox/${reference}`, providerPaymentId: id };
}

/**
 * Ends a checkout as the person at the sandbox's page wants it, in the sandbox's own books: the payment hears of it as of any
 * provider's, when it is asked after. Test mode only. What was decided before stays.
 * @throws notFound when the sandbox has no such checkout
 */
export async function completeSandboxCheckout(
  ctx: TenantContext,
  reference: string,
  outcome: SandboxOutcome,
): Promise<void> {
  if (ctx.mode !== 'test') throw notFound('There is no sandbox in live mode.');
  const settlesAt = new Date(ctx.clock.now().getTime() + SETTLES_AFTER_MS);
  const { count } = await ctx.db.sandboxCharge.updateMany({
    where: { reference, token: SANDBOX_CHECKOUT, status: 'pending', settlesAt: null },
    data: {
      succeed: { status: 'succeeded' },
      decline: { status: 'failed', failureCode: 'declined' },
      pending: { settlesAt },
    }[outcome],
  });
  if (count > 0) return;
  const known = await ctx.db.sandboxCharge.count({ where: { reference, token: SANDBOX_CHECKOUT } });
  if (known === 0) throw notFound('The sandbox has no such checkout.');
}
