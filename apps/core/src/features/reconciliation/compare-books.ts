import type { TenantContext } from '../../tenancy/tenant-context.js';
import { askAfterPayment } from '../payments/ask-after-payment.js';
import { databaseOfReference } from '../payments/payment-reference.js';
import type { BookedCharge } from '../payments/providers/payment-provider.js';
import type { PaymentProviders } from '../payments/providers/payment-providers.js';
import { findAttempt, settleAttempt } from '../unmatched-payments/attempt-of-money.js';
import { receiveConfirmed } from '../unmatched-payments/receive-unasked.js';
import type { UnaskedMoney } from '../unmatched-payments/unasked-money.js';

const BATCH = 500;

export interface Books {
  readonly provider: string;
  readonly charges: readonly BookedCharge[];
  /** When they were read, in real time. */
  readonly readAt: Date;
}

/**
 * Goes through the charges that a provider's books have, and sees to those that ours do not: webhooks of them were lost. An
 * attempt of ours is asked after as ever, and nothing is given without that; other money goes where money goes that nobody
 * asked for.
 */
export async function compareBooks(
  ctx: TenantContext,
  providers: PaymentProviders,
  { provider, charges, readAt }: Books,
): Promise<void> {
  for (let at = 0; at < charges.length; at += BATCH) {
    const batch = charges.slice(at, at + BATCH);
    const known = await knownIds(ctx, provider, batch);
    for (const charge of batch) {
      if (!known.has(charge.providerPaymentId)) await seeTo(ctx, providers, { provider, charge, readAt });
    }
  }
}

/** Which charges have been counted, or parked and not left unconfirmed. */
async function knownIds(
  ctx: TenantContext,
  provider: string,
  charges: readonly BookedCharge[],
): Promise<ReadonlySet<string | null>> {
  const ids = charges.map(({ providerPaymentId }) => providerPaymentId);
  const payments = await ctx.db.payment.findMany({
    where: {
      provider,
      status: 'succeeded',
      OR: [{ providerPaymentId: { in: ids } }, { receipt: { in: ids } }],
    },
    select: { providerPaymentId: true, receipt: true },
  });
  const parked = await ctx.db.unmatchedPayment.findMany({
    where: { provider, providerPaymentId: { in: ids }, NOT: { status: 'open', reason: 'unconfirmed' } },
    select: { providerPaymentId: true },
  });
  return new Set([
    ...payments.flatMap(({ providerPaymentId, receipt }) => [providerPaymentId, receipt]),
    ...parked.map(({ providerPaymentId }) => providerPaymentId),
  ]);
}

interface Found {
  readonly provider: string;
  readonly charge: BookedCharge;
  readonly readAt: Date;
}

async function seeTo(ctx: TenantContext, providers: PaymentProviders, found: Found): Promise<void> {
  const { provider, charge } = found;
  const { reference, amount, providerPaymentId } = charge;
  const databaseId = reference === null ? null : databaseOfReference(reference);
  if (isOthers(ctx, provider, { reference, databaseId })) return;
  if (amount === null) {
    ctx.log.error({ provider, providerPaymentId }, 'A provider’s books have a sum that is none.');
    return;
  }
  const log = { provider, providerPaymentId, reference };
  ctx.log.warn(log, 'A provider’s books have money that ours do not.');
  if (reference !== null && databaseId === ctx.databaseId) {
    const attempt = await ctx.db.payment.findFirst({
      where: { reference, provider, status: { not: 'succeeded' } },
    });
    if (attempt) {
      await askAfterPayment(ctx, providers, attempt.id);
      return;
    }
  }
  const money = moneyOf(found, amount);
  const push = provider === 'mpesa' ? await findAttempt(ctx, money) : null;
  if (push && (await settleAttempt(ctx, providers, push, money, () => Promise.resolve(charge)))) return;
  await receiveConfirmed(ctx, money);
}

/**
 * Whether a charge is none of this database's: our reference names another one that shares the account, or other software of
 * the tenant's made the reference. What payers type at M-Pesa is nobody's until it is looked up.
 */
function isOthers(
  ctx: TenantContext,
  provider: string,
  { reference, databaseId }: { reference: string | null; databaseId: string | null },
): boolean {
  if (databaseId !== null) return databaseId !== ctx.databaseId;
  return reference !== null && provider !== 'mpesa';
}

function moneyOf({ provider, charge, readAt: receivedAt }: Found, amount: bigint): UnaskedMoney {
  const { providerPaymentId, currency, reference: billReference } = charge;
  const receipt = provider === 'mpesa' ? providerPaymentId : null;
  return { provider, providerPaymentId, amount, currency, billReference, receipt, payer: null, receivedAt };
}
