import type { SandboxCharge } from '@nova/prisma-tenant';

import { newId } from '../../../platform/ids/new-id.js';
import type { TenantContext } from '../../../tenancy/tenant-context.js';
import type { ChargeOutcome, SavedMethod, VerifyOutcome } from './outcomes.js';
import type { ChargeQuery, PaymentProvider, SavedCharge } from './payment-provider.js';
import { atThePage, createSandboxCheckout, isAtThePage, SANDBOX_CHECKOUT } from './sandbox-checkout.js';
import { refundCharge, verifySandboxRefund } from './sandbox-refunds.js';
import { SANDBOX_TOKENS, type SandboxToken } from './sandbox-tokens.js';

type SandboxBehaviour = SandboxToken['behaviour'];

/** How long a pending charge of the sandbox takes to settle, on the tenant's clock. */
const SETTLES_AFTER_MS = 60_000;

/** What a customer who pays on the sandbox's page leaves to be charged again. */
const SAVED_AT_THE_PAGE: SavedMethod = {
  token: 'pm_sandbox_success',
  kind: 'card',
  label: SANDBOX_TOKENS.get('pm_sandbox_success')?.label ?? 'Sandbox card',
  fingerprint: null,
  email: null,
  providerCustomerId: null,
};

/**
 * The provider of test mode: its answers are chosen by the payment method's token. What it charged it keeps in rows of
 * its own, written apart from the platform's transactions, as the server of a real provider would.
 * `publicUrl` is where its page is, which is one of ours.
 */
export function sandboxProviderAt(publicUrl: string): PaymentProvider {
  return {
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

    createCheckout: (ctx, checkout) => createSandboxCheckout(ctx, publicUrl, checkout),
    chargeSaved,

    async verify(ctx: TenantContext, { reference }: ChargeQuery): Promise<VerifyOutcome> {
      const charge = await ctx.db.sandboxCharge.findUnique({ where: { reference } });
      if (!charge) return { kind: 'not_found' };
      return isAtThePage(charge) ? atThePage(publicUrl, charge) : outcomeOf(ctx, charge);
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
}

/** Charges by the rule of the token. */
async function chargeSaved(ctx: TenantContext, charge: SavedCharge): Promise<ChargeOutcome> {
  const behaviour = SANDBOX_TOKENS.get(charge.token)?.behaviour;
  if (!behaviour) {
    return { kind: 'rejected', code: 'invalid_token', message: 'The sandbox does not know this token.' };
  }
  const now = ctx.clock.now();
  const { first, failureCode } = await firstAnswer(ctx, charge, behaviour);
  await ctx.db.sandboxCharge.createMany({
    data: [
      {
        id: newId('sch'),
        reference: charge.reference,
        token: charge.token,
        amount: charge.amount,
        currency: charge.currency,
        status: first,
        failureCode,
        settlesAt: first === 'pending' ? new Date(now.getTime() + SETTLES_AFTER_MS) : null,
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
}

/** What a card says at first: one that is declined so many times says yes after that. */
async function firstAnswer(
  ctx: TenantContext,
  { reference, token }: SavedCharge,
  { first, failureCode, declines }: SandboxBehaviour,
): Promise<Pick<SandboxBehaviour, 'first' | 'failureCode'>> {
  if (declines === undefined) return { first, failureCode };
  // References of attempts at the same thing differ in the number that they end in.
  const stem = reference.slice(0, reference.lastIndexOf('-') + 1);
  const tried = await ctx.db.sandboxCharge.count({
    where: { token, reference: { startsWith: stem, not: reference } },
  });
  return tried < declines ? { first, failureCode } : { first: 'succeeded', failureCode: null };
}

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
    const saved = charge.token === SANDBOX_CHECKOUT ? { saved: SAVED_AT_THE_PAGE } : {};
    return { kind: 'succeeded', providerPaymentId, amount, currency, ...saved };
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
