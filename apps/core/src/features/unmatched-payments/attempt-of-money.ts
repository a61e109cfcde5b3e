import type { Payment } from '@nova/prisma-tenant';

import { normalBill } from '../../domain/payments/bill-reference.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { queryOf } from '../payments/charge-attempt.js';
import { shortReference } from '../payments/providers/mpesa/short-reference.js';
import type { PaymentProviders } from '../payments/providers/payment-providers.js';
import { recordOutcome } from '../payments/record-outcome.js';
import { findInBooks } from './confirm-by-books.js';
import type { UnaskedMoney } from './unasked-money.js';

/** A push that nobody heard of for so long is looked for in the provider's books. */
const LOOK_BACK_MS = 3 * 86_400_000;
const ATTEMPTS_MAX = 5_000;

/**
 * The attempt of ours whose money this may be: it has the same reference, and no money of its own yet that is told apart
 * from this. A payment by push to a pay bill number is told of twice, as the push's and as a payment of its own.
 */
export async function findAttempt(ctx: TenantContext, money: UnaskedMoney): Promise<Payment | null> {
  const bill = normalBill(money.billReference ?? '');
  if (bill === '') return null;
  const attempt =
    money.provider === 'mpesa' ? await findPush(ctx, bill) : await findCharge(ctx, bill.toLowerCase());
  const isThis = attempt?.amount === money.amount && attempt.currency === money.currency;
  return attempt && isThis ? attempt : null;
}

/** M-Pesa keeps a short form of our reference, which tells of the payment it is made of and not the other way. */
async function findPush(ctx: TenantContext, bill: string): Promise<Payment | null> {
  if (!/^[0-9A-Z]{12}$/.test(bill)) return null;
  const since = new Date(ctx.clock.now().getTime() - LOOK_BACK_MS);
  const silent = await ctx.db.payment.findMany({
    where: { provider: 'mpesa', receipt: null, createdAt: { gte: since } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: ATTEMPTS_MAX,
  });
  return silent.find(({ reference }) => shortReference(reference) === bill) ?? null;
}

function findCharge(ctx: TenantContext, reference: string): Promise<Payment | null> {
  return ctx.db.payment.findFirst({ where: { reference, status: { not: 'succeeded' } } });
}

/**
 * Settles an attempt of ours by the money that came for it, once its provider's word or its books confirm that.
 * @returns whether they do
 */
export async function settleAttempt(
  ctx: TenantContext,
  providers: PaymentProviders,
  attempt: Payment,
  money: UnaskedMoney,
  books = () => findInBooks(ctx, providers, money),
): Promise<boolean> {
  const { receipt } = money;
  const named = {
    ...(receipt === null ? {} : { receipt }),
    ...(money.payer === null ? {} : { payer: money.payer }),
  };
  if (attempt.status === 'succeeded') {
    await ctx.transaction((tx) =>
      tx.db.payment.updateMany({ where: { id: attempt.id, receipt: null }, data: named }),
    );
    return true;
  }
  const provider = await providers.of(ctx, attempt.provider);
  const outcome = await provider.verify(ctx, queryOf(attempt, null));
  if (outcome.kind === 'succeeded') {
    await recordOutcome(ctx, attempt.id, { ...outcome, ...named });
    return true;
  }
  const booked = await books();
  if (booked?.amount !== attempt.amount || booked.currency !== attempt.currency) return false;
  await recordOutcome(ctx, attempt.id, {
    kind: 'succeeded',
    providerPaymentId: attempt.providerPaymentId ?? money.providerPaymentId,
    amount: booked.amount,
    currency: booked.currency,
    ...named,
  });
  return true;
}
