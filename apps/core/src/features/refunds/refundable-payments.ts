import type { Payment } from '@nova/prisma-tenant';

import type { TenantReader } from '../../tenancy/tenant-context.js';
import { SETTLES_NOTHING } from '../payments/unsettled-note.js';
import { FROM_EXCESS } from './refund-source.js';

/** A payment and what of it can still go back. */
export interface RefundablePayment {
  readonly payment: Payment;
  /** Of what went into its invoice, or settled nothing. */
  readonly rest: bigint;
  /** Of what was more than due and went to the balance, where it may have been used since. */
  readonly excess: bigint;
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
  refunds: { where: { status: { not: 'failed' } }, select: { amount: true, source: true } },
} as const;

function restOf({
  refunds,
  ...payment
}: Payment & { refunds: { amount: bigint; source: string }[] }): RefundablePayment {
  const sum = (rows: typeof refunds) => rows.reduce((total, { amount }) => total + amount, 0n);
  const ofExcess = refunds.filter(({ source }) => source.startsWith(FROM_EXCESS));
  const ofRest = refunds.filter(({ source }) => !source.startsWith(FROM_EXCESS));
  return {
    payment,
    rest: payment.amount - payment.excess - sum(ofRest),
    excess: payment.excess - sum(ofExcess),
  };
}
