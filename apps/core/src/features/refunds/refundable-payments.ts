import type { Payment } from '@nova/prisma-tenant';

import type { TenantReader } from '../../tenancy/tenant-context.js';
import { SETTLES_NOTHING } from '../payments/unsettled-note.js';

/** A payment and what of it can still go back. */
export interface RefundablePayment {
  readonly payment: Payment;
  readonly rest: bigint;
}

/**
 * The payments that an invoice was paid with and that money is left of, the latest first. Money that came when the
 * invoice could take none is not among them. Hold the invoice's row to build on it.
 */
export async function refundablePayments(db: TenantReader, invoiceId: string): Promise<RefundablePayment[]> {
  const payments = await db.payment.findMany({
    where: { invoiceId, status: 'succeeded' },
    orderBy: [{ succeededAt: 'desc' }, { attempt: 'desc' }],
    include: STANDING_REFUNDS,
  });
  return payments
    .filter((payment) => settles(payment))
    .map((row) => restOf(row))
    .filter(({ rest }) => rest > 0n);
}

/** A payment with what of it can still go back. */
export async function refundablePayment(db: TenantReader, id: string): Promise<RefundablePayment> {
  return restOf(await db.payment.findUniqueOrThrow({ where: { id }, include: STANDING_REFUNDS }));
}

/** Whether the money has gone into its invoice. */
export function settles({ note }: Pick<Payment, 'note'>): boolean {
  return !(note ?? '').includes(SETTLES_NOTHING);
}

/** What has failed has not left, and may go back another time. */
const STANDING_REFUNDS = {
  refunds: { where: { status: { not: 'failed' } }, select: { amount: true } },
} as const;

function restOf({ refunds, ...payment }: Payment & { refunds: { amount: bigint }[] }): RefundablePayment {
  const gone = refunds.reduce((sum, { amount }) => sum + amount, 0n);
  return { payment, rest: payment.amount - gone };
}
