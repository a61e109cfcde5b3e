import { Prisma, type Invoice } from '@nova/prisma-tenant';

import { totalsOf, type InvoiceTotals } from '../../domain/invoices/invoice-totals.js';
import { newId } from '../../platform/ids/new-id.js';
import type { Metadata } from '../../platform/wire/metadata.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { amountTooLarge } from './invoices.errors.js';
import type { RatedLine } from './rate-line.js';

export type BillingReason = 'manual' | 'subscription_create' | 'subscription_cycle';
export type CollectionMethod = 'charge_automatically' | 'send_invoice';

export interface NewInvoice {
  readonly customerId: string;
  readonly subscriptionId: string | null;
  readonly externalId: string | null;
  readonly currency: string;
  readonly billingReason: BillingReason;
  readonly collectionMethod: CollectionMethod;
  readonly netTermsDays: number;
  readonly memo: string | null;
  readonly metadata: Metadata;
  readonly lines: readonly RatedLine[];
}

/** Writes a draft with its lines. It has no number and may still change. */
export async function insertInvoice(
  ctx: TenantContext,
  tx: TenantTransaction,
  input: NewInvoice,
): Promise<Invoice> {
  const { lines, ...columns } = input;
  const { subtotal, total } = billableTotalsOf(lines);
  const now = ctx.clock.now();
  const id = newId('inv');
  const invoice = await tx.db.invoice.create({
    data: {
      ...columns,
      id,
      status: 'draft',
      subtotal,
      total,
      amountDue: total,
      createdAt: now,
      updatedAt: now,
    },
  });
  await insertLines(tx, id, lines);
  return invoice;
}

/** Writes the lines of a draft, in the order they are given. */
export async function insertLines(
  tx: TenantTransaction,
  invoiceId: string,
  lines: readonly RatedLine[],
): Promise<void> {
  if (lines.length === 0) return;
  await tx.db.invoiceLine.createMany({
    data: lines.map((line, index) => ({
      id: newId('il'),
      invoiceId,
      position: index + 1,
      description: line.description,
      priceId: line.priceId,
      quantity: line.quantity.toFixed(),
      unitAmount: line.unitAmount.toFixed(),
      amount: line.amount,
      periodStart: line.period?.start ?? null,
      periodEnd: line.period?.end ?? null,
      explanation: line.explanation satisfies Prisma.InputJsonObject,
    })),
  });
}

/**
 * The totals of an invoice that can be billed: what the wire's JSON integers cannot hold is refused at the door.
 * @throws amountTooLarge
 */
export function billableTotalsOf(lines: readonly RatedLine[]): InvoiceTotals {
  const totals = totalsOf(lines);
  if (totals.total > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw amountTooLarge(`The lines add up to ${totals.total} minor units, more than can be billed.`);
  }
  return totals;
}
