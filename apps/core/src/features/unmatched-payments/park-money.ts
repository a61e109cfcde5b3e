import type { UnmatchedPayment } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { parked } from './unmatched-metrics.js';
import { toUnmatchedPaymentWire, type UnmatchedReason } from './unmatched-payment-wire.js';

/** Money that came and that nothing can be done with by itself. */
export interface ParkedMoney {
  readonly provider: string;
  readonly providerPaymentId: string;
  readonly reason: UnmatchedReason;
  /** Our reference, or what the payer wrote. */
  readonly reference: string | null;
  readonly paymentId?: string | null;
  readonly invoiceId?: string | null;
  readonly customerId?: string | null;
  /** Minor units of `currency`, more than nothing. */
  readonly amount: bigint;
  readonly currency: string;
  readonly receipt?: string | null;
  readonly payer?: string | null;
}

/**
 * Keeps money for a person to look at: once for each payment of a provider's, however often it is told of. What was
 * parked before stays as it is, whatever has become of it.
 */
export async function parkMoney(
  ctx: TenantContext,
  tx: TenantTransaction,
  money: ParkedMoney,
): Promise<UnmatchedPayment> {
  const { provider, providerPaymentId, reason } = money;
  const id = newId('ump');
  const now = ctx.clock.now();
  const { count } = await tx.db.unmatchedPayment.createMany({
    data: [
      {
        id,
        provider,
        providerPaymentId,
        reason,
        reference: money.reference,
        paymentId: money.paymentId ?? null,
        invoiceId: money.invoiceId ?? null,
        customerId: money.customerId ?? null,
        amount: money.amount,
        currency: money.currency,
        receipt: money.receipt ?? null,
        payer: money.payer ?? null,
        status: 'open',
        createdAt: now,
        updatedAt: now,
      },
    ],
    skipDuplicates: true,
  });
  const row = await tx.db.unmatchedPayment.findUniqueOrThrow({
    where: { provider_providerPaymentId: { provider, providerPaymentId } },
  });
  if (count === 0) return row;
  parked.inc({ provider, reason });
  ctx.log.error({ unmatchedPaymentId: id, reason, provider }, 'Money came that nothing can be done with.');
  await recordChange(tx, ctx, 'unmatched_payment.created', toUnmatchedPaymentWire(row));
  return row;
}

/** The same of money that more is known of now: what is open still has its true reason from then on. */
export async function parkAnew(
  ctx: TenantContext,
  tx: TenantTransaction,
  money: ParkedMoney,
): Promise<UnmatchedPayment> {
  const row = await parkMoney(ctx, tx, money);
  const { reason, amount, currency, reference, paymentId, invoiceId, customerId } = money;
  if (row.status !== 'open' || row.reason === reason) return row;
  return tx.db.unmatchedPayment.update({
    where: { id: row.id },
    data: {
      reason,
      amount,
      currency,
      reference,
      paymentId: paymentId ?? row.paymentId,
      invoiceId: invoiceId ?? null,
      customerId: customerId ?? null,
      version: { increment: 1 },
      updatedAt: ctx.clock.now(),
    },
  });
}
