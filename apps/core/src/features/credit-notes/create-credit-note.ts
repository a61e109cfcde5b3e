import { creditableAmount } from '../../domain/credit-notes/credit-shares.js';
import { creditLimitsOf } from '../../domain/credit-notes/settlement.js';
import { toWireAmount } from '../../domain/money/money.js';
import { newId } from '../../platform/ids/new-id.js';
import { takingExternalId } from '../../platform/wire/external-id-taken.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { lockInvoice, requireInvoice } from '../invoices/invoices.repository.js';
import { type CreditNoteRequest, sourceOfRequest } from './credit-note-request.js';
import type { CreditNoteWithLines } from './credit-note-wire.js';
import { readCreditableLines, readSettlement, type TouchedInvoiceLine } from './creditable-invoice.js';
import { invoiceNotCreditable } from './credit-notes.errors.js';
import { readCreditNote } from './credit-notes.repository.js';
import type { CreateCreditNote, CreditNotePreview, PreviewCreditNote } from './credit-notes.schemas.js';
import { issueCreditNote } from './issue-credit-note.js';
import { planCreditNote } from './plan-credit-note.js';

/**
 * Issues a credit note that somebody asks for: nothing is cut, and no draft is finalised behind their back.
 * @throws notFound, invoiceNotCreditable, and what issueCreditNote throws
 */
export async function createCreditNote(
  ctx: TenantContext,
  input: CreateCreditNote,
): Promise<CreditNoteWithLines> {
  return takingExternalId('/externalId', () =>
    ctx.transaction(async (tx) => {
      const invoice = await lockInvoice(tx.db, input.invoiceId);
      refuseUnlessCreditable(invoice);
      const note = await issueCreditNote(ctx, tx, {
        ...(await partsOf(tx.db, invoice.id, input)),
        invoiceId: invoice.id,
        reason: input.reason,
        source: sourceOfRequest(newId('cn')),
        memo: input.memo ?? null,
        externalId: input.externalId ?? null,
        metadata: input.metadata,
      });
      if (!note) throw nothingLeft(invoice.id);
      return readCreditNote(tx.db, note.id);
    }),
  );
}

/**
 * What a credit note would come to, and where it would go, as things stand.
 * @throws notFound, invoiceNotCreditable, invalidRequest, creditExceedsInvoice, refundExceedsPayments
 */
export async function previewCreditNote(
  ctx: TenantContext,
  input: PreviewCreditNote,
): Promise<CreditNotePreview> {
  const invoice = await requireInvoice(ctx.db, input.invoiceId);
  refuseUnlessCreditable(invoice);
  const touched = await readCreditableLines(ctx.db, invoice.id);
  const settlement = await readSettlement(ctx.db, invoice);
  const planned = planCreditNote(await partsOf(ctx.db, invoice.id, input, touched), touched, settlement);
  if (!planned) throw nothingLeft(invoice.id);
  const { money, split, lines } = planned;
  const limits = creditLimitsOf(settlement);
  return {
    object: 'credit_note_preview',
    invoiceId: invoice.id,
    subtotal: toWireAmount(money.subtotal),
    discountTotal: toWireAmount(money.discountTotal),
    taxTotal: toWireAmount(money.taxTotal),
    total: toWireAmount(money.total),
    toInvoice: toWireAmount(split.toInvoice),
    toBalance: toWireAmount(split.toBalance),
    toRefund: toWireAmount(split.toRefund),
    creditable: toWireAmount(limits.creditable),
    refundable: toWireAmount(limits.refundable),
    lines: money.lines.map((shares, index) => ({
      invoiceLineId: lines[index]?.touched.line.id ?? '',
      amount: toWireAmount(shares.amount),
      discountAmount: toWireAmount(shares.discount),
      netAmount: toWireAmount(shares.net),
      taxAmount: toWireAmount(shares.tax),
    })),
  };
}

type Parts = Pick<CreditNoteRequest, 'lines' | 'to' | 'refundAmount' | 'beyond'>;

/** What is credited, as the request has it; a line without an amount is credited in full. */
async function partsOf(
  db: TenantReader,
  invoiceId: string,
  { lines, amount, to, refundAmount }: PreviewCreditNote,
  known?: readonly TouchedInvoiceLine[],
): Promise<Parts> {
  const how = {
    to,
    beyond: 'refuse' as const,
    ...(refundAmount === undefined ? {} : { refundAmount: BigInt(refundAmount) }),
  };
  if (amount !== undefined) return { ...how, lines: { total: BigInt(amount) } };
  if (lines === undefined) return { ...how, lines: 'all' };
  const touched = known ?? (await readCreditableLines(db, invoiceId));
  const rests = new Map(
    touched.map((one) => [one.line.id, creditableAmount(one.invoiceLine, one.alreadyCredited)]),
  );
  return {
    ...how,
    lines: lines.map(({ invoiceLineId, amount: own, description }) => ({
      invoiceLineId,
      amount: own === undefined ? (rests.get(invoiceLineId) ?? 0n) : BigInt(own),
      ...(description === undefined ? {} : { description }),
    })),
  };
}

function refuseUnlessCreditable({ id, status }: { id: string; status: string }): void {
  if (status === 'draft')
    throw invoiceNotCreditable(`Invoice ${id} is a draft: change or delete it instead.`);
  if (status === 'void') throw invoiceNotCreditable(`Invoice ${id} is void.`);
}

function nothingLeft(id: string): Error {
  return invoiceNotCreditable(`Nothing of invoice ${id} is left to credit.`);
}
