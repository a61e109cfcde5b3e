import type { CreditNote, Invoice, InvoiceLine } from '@nova/prisma-tenant';

import type {
  AlreadyCredited,
  CreditableLine,
  Settlement,
} from '../../domain/credit-notes/credit-note-types.js';
import { sumCredited } from '../../domain/credit-notes/credit-shares.js';
import type { TaxBehavior, TaxShare } from '../../domain/tax/tax-types.js';
import type { TenantReader } from '../../tenancy/tenant-context.js';
import { FROM_BALANCE, FROM_EXCESS } from '../refunds/refund-source.js';

/** A line of an issued invoice with what standing credit notes have taken back of it. */
export interface TouchedInvoiceLine {
  readonly line: InvoiceLine;
  readonly invoiceLine: CreditableLine;
  readonly alreadyCredited: AlreadyCredited;
}

interface StoredShare {
  readonly code: string;
  readonly name: string;
  readonly rate: string;
  readonly base: number;
  readonly amount: number;
}

/** An invoice's lines in their order, each with what was credited of it. Hold the invoice's row to build on it. */
export async function readCreditableLines(
  db: TenantReader,
  invoiceId: string,
): Promise<TouchedInvoiceLine[]> {
  const lines = await db.invoiceLine.findMany({
    where: { invoiceId },
    include: { credits: { where: { creditNote: { status: 'issued' } } } },
    orderBy: { position: 'asc' },
  });
  return lines.map(({ credits, ...line }) => ({
    line,
    invoiceLine: creditableLine(line),
    alreadyCredited: sumCredited(
      credits.map(({ amount, discountAmount, taxAmount, taxes }) => ({
        amount,
        discount: discountAmount,
        tax: taxAmount,
        taxes: readShares(taxes),
      })),
    ),
  }));
}

/**
 * Where the money of an issued invoice stands. A refund of a note counts from the note on, whatever has become of it at
 * its provider: it is owed. One without a note was taken out of the credit that notes had put on the balance, or of what came on top of the
 * invoice, which is none of it.
 */
export async function readSettlement(db: TenantReader, invoice: Invoice): Promise<Settlement> {
  const notes = await db.creditNote.findMany({ where: { invoiceId: invoice.id, status: 'issued' } });
  const loose = await db.refund.findMany({
    where: {
      creditNoteId: null,
      status: { not: 'failed' },
      source: { startsWith: FROM_BALANCE },
      NOT: { source: { startsWith: FROM_EXCESS } },
      payment: { invoiceId: invoice.id },
    },
    select: { amount: true },
  });
  const sum = (pick: (note: CreditNote) => bigint) => notes.reduce((all, note) => all + pick(note), 0n);
  const fromBalance = loose.reduce((all, { amount }) => all + amount, 0n);
  return {
    total: invoice.total,
    paid: invoice.amountPaid,
    applied: invoice.balanceApplied + invoice.walletApplied,
    credited: sum(({ total }) => total),
    refunded: sum(({ toRefund }) => toRefund) + fromBalance,
    toBalance: sum(({ toBalance }) => toBalance) - fromBalance,
  };
}

function creditableLine(line: InvoiceLine): CreditableLine {
  const { amount, discountAmount: discount, taxAmount: tax, taxBehavior } = line;
  return {
    amount,
    discount,
    // Lines of before taxes were kept have no net amount, and no tax.
    net: line.netAmount ?? amount - discount,
    tax,
    taxes: readShares(line.taxes),
    taxBehavior: taxBehavior as TaxBehavior,
  };
}

function readShares(column: unknown): TaxShare[] {
  return (column as StoredShare[]).map((share) => ({
    ...share,
    base: BigInt(share.base),
    amount: BigInt(share.amount),
  }));
}
