import type { SandboxCharge } from '@nova/prisma-tenant';

import { newId } from '../../../platform/ids/new-id.js';
import type { TenantContext } from '../../../tenancy/tenant-context.js';
import { type ChargeOutcome, rejected, type VerifyOutcome } from './outcomes.js';
import type { ChargeQuery, PaymentProvider, SavedCharge } from './payment-provider.js';
import { refundCharge, verifySandboxRefund } from './sandbox-refunds.js';
import { SANDBOX_TOKENS } from './sandbox-tokens.js';

/** How long a pending charge of the sandbox takes to settle, on the tenant's clock. */
const SETTLES_AFTER_MS = 60_000;

/**
 * The provider of test mode: its answers are chosen by the payment method's token. What it charged it keeps in rows of
 * its own, written apart from the platform's transactions, as the server of a real provider would.
 */
export const sandboxProvider: PaymentProvider = {
  name: 'sandbox',
  capabilities: {
    modes: ['test'],
    currencies: null,
    repeatsSafely: true,
    partialRefunds: true,
    unattendedCharges: 'yes',
    portal: false,
    webhookProof: 'none',
    events: [],
  },

  createCheckout: () =>
    Promise.resolve(
      rejected(
        'checkout_not_offered',
        'The sandbox has no page to pay on: give a payment method of its own.',
      ),
    ),

  async chargeSaved(ctx: TenantContext, charge: SavedCharge): Promise<ChargeOutcome> {
    const behaviour = SANDBOX_TOKENS.get(charge.token)?.behaviour;
    if (!behaviour) {
      return { kind: 'rejected', code: 'invalid_token', message: 'The sandbox does not know this token.' };
    }
    const now = ctx.clock.now();
    const pending = behaviour.first === 'pending';
    await ctx.db.sandboxCharge.createMany({
      data: [
        {
          id: newId('sch'),
          reference: charge.reference,
          token: charge.token,
          amount: charge.amount,
          currency: charge.currency,
          status: behaviour.first,
          failureCode: behaviour.failureCode,
          settlesAt: pending ? new Date(now.getTime() + SETTLES_AFTER_MS) : null,
          createdAt: now,
        },
      ],
      // The second call for a reference finds the charge of the first.
      skipDuplicates: true,
    });
    return outcomeOf(
      ctx,
      await ctx.db.sandboxCharge.findUniqueOrThrow({ where: { reference: charge.reference } }),
    );
  },

  async verify(ctx: TenantContext, { reference }: ChargeQuery): Promise<VerifyOutcome> {
    const charge = await ctx.db.sandboxCharge.findUnique({ where: { reference } });
    return charge ? outcomeOf(ctx, charge) : { kind: 'not_found' };
  },

  refund: refundCharge,
  verifyRefund: verifySandboxRefund,

  async reconcile(ctx, { from, to }) {
    const charges = await ctx.db.sandboxCharge.findMany({
      where: { status: 'succeeded', createdAt: { gte: from, lt: to } },
    });
    return {
      kind: 'listed',
      charges: charges.map(({ id, reference, amount, currency }) => ({
        reference,
        providerPaymentId: id,
        amount,
        currency,
      })),
    };
  },

  check: () => Promise.resolve({ kind: 'ok' }),
};

/** Who looks at a pending charge after its time settles it, by the rule of its token. */
async function outcomeOf(ctx: TenantContext, charge: SandboxCharge): Promise<ChargeOutcome> {
  if (charge.status !== 'pending') return settledOutcome(charge);
  const now = ctx.clock.now();
  const settlesAt = charge.settlesAt ?? now;
  if (settlesAt > now) {
    return {
      kind: 'pending',
      providerPaymentId: charge.id,
      checkAfterMs: settlesAt.getTime() - now.getTime(),
    };
  }
  const status = charge.failureCode === null ? 'succeeded' : 'failed';
  const { reference } = charge;
  return settledOutcome(await ctx.db.sandboxCharge.update({ where: { reference }, data: { status } }));
}

function settledOutcome(charge: SandboxCharge): ChargeOutcome {
  if (charge.status === 'succeeded') {
    const { id: providerPaymentId, amount, currency } = charge;
    return { kind: 'succeeded', providerPaymentId, amount, currency };
  }
  const code = charge.failureCode ?? 'declined';
  return {
    kind: 'declined',
    code,
    message:
      code === 'insufficient_funds' ? 'The account has too little money.' : 'The bank declined the charge.',
    retryable: code === 'insufficient_funds',
  };
}
