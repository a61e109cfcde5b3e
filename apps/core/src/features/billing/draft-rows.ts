import type { Invoice } from '@nova/prisma-tenant';

import type { AssembledLine } from '../../domain/invoices/invoice-types.js';
import type { TaxShare } from '../../domain/tax/tax-types.js';
import { newId } from '../../platform/ids/new-id.js';
import type { Charge } from './charge.js';
import type { AssembledPlan } from './invoice-plan.js';

/** Decimals that the columns of quantities and unit prices hold. */
const SCALE = 12;

/** The amounts of an invoice that follow from its lines, and what is due while nothing is settled. */
export function totalsOf({ money }: AssembledPlan) {
  const { subtotal, discountTotal, taxTotal, total, taxes } = money;
  return {
    subtotal,
    discountTotal,
    taxTotal,
    total,
    amountDue: total,
    taxes: taxes.map((row) => ({ ...jsonShare(row), reason: row.reason })),
  };
}

/** A draft as it will stand in the database. */
export function draftOf(assembled: AssembledPlan, now: Date): Invoice {
  const { plan } = assembled;
  return {
    id: newId('inv'),
    externalId: plan.externalId,
    customerId: plan.customerId,
    subscriptionId: plan.subscriptionId,
    status: 'draft',
    series: null,
    sequence: null,
    number: null,
    currency: plan.currency,
    ...totalsOf(assembled),
    amountPaid: 0n,
    balanceApplied: 0n,
    walletApplied: 0n,
    amountCredited: 0n,
    billingReason: plan.billingReason,
    collectionMethod: plan.collectionMethod,
    netTermsDays: plan.netTermsDays,
    memo: plan.memo,
    purchaseOrder: plan.purchaseOrder,
    // A draft that is to be kept waits until somebody decides, whatever grace it has.
    finalizeAt: typeof plan.finalize === 'object' && plan.onFinalize !== 'keep' ? plan.finalize.at : null,
    onFinalize: plan.onFinalize,
    discountsFrom: plan.discountsFrom ?? null,
    fiscalNumber: null,
    fiscalSignature: null,
    fiscalQr: null,
    fiscalStatus: null,
    seller: null,
    buyer: null,
    issuedAt: null,
    dueAt: null,
    paidAt: null,
    voidedAt: null,
    uncollectibleAt: null,
    overdueAt: null,
    metadata: plan.metadata,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
}

/** The columns that a draft is written with; the others have their defaults. */
export function draftColumns(draft: Invoice) {
  return {
    id: draft.id,
    external_id: draft.externalId,
    customer_id: draft.customerId,
    subscription_id: draft.subscriptionId,
    currency: draft.currency,
    ...totalColumns(draft),
    billing_reason: draft.billingReason,
    collection_method: draft.collectionMethod,
    net_terms_days: draft.netTermsDays,
    memo: draft.memo,
    purchase_order: draft.purchaseOrder,
    finalize_at: draft.finalizeAt,
    on_finalize: draft.onFinalize,
    discounts_from: draft.discountsFrom,
    metadata: draft.metadata,
  };
}

/** The columns of what follows from an invoice's lines. Amounts as texts: a JSON number may lose the last of them. */
export function totalColumns(
  invoice: Pick<Invoice, 'subtotal' | 'discountTotal' | 'taxTotal' | 'total' | 'amountDue' | 'taxes'>,
) {
  return {
    subtotal: invoice.subtotal.toString(),
    discount_total: invoice.discountTotal.toString(),
    tax_total: invoice.taxTotal.toString(),
    total: invoice.total.toString(),
    amount_due: invoice.amountDue.toString(),
    taxes: invoice.taxes,
  };
}

/** The columns of an invoice's lines, in their order. */
export function lineColumns(invoiceId: string, { plan, money }: AssembledPlan) {
  return plan.charges.map((charge, index) => {
    const line = money.lines[index];
    if (!line) throw new Error('An invoice was assembled without one of its lines.');
    return { id: newId('il'), invoice_id: invoiceId, position: index + 1, ...columnsOfLine(charge, line) };
  });
}

function columnsOfLine(charge: Charge, line: AssembledLine) {
  return {
    description: charge.description,
    kind: charge.kind,
    price_id: charge.priceId,
    subscription_id: charge.subscriptionId,
    subscription_item_id: charge.subscriptionItemId,
    meter_id: charge.meterId,
    group_values: charge.groupValues,
    quantity: charge.quantity.toDecimalPlaces(SCALE).toFixed(),
    unit_amount: charge.unitAmount.toDecimalPlaces(SCALE).toFixed(),
    amount: charge.amount.toString(),
    discount_amount: line.discount.toString(),
    net_amount: line.net.toString(),
    tax_amount: line.tax.toString(),
    taxes: line.taxes.map(jsonShare),
    tax_category: charge.taxCategory,
    tax_behavior: charge.taxBehavior,
    unit: charge.unit,
    event_count: charge.eventCount?.toString() ?? null,
    period_start: charge.period?.start ?? null,
    period_end: charge.period?.end ?? null,
    explanation: charge.explanation,
  };
}

/** What a discount takes off an invoice, as its row has it. */
export function discountColumns(invoiceId: string, { discounts }: AssembledPlan) {
  return discounts.map(({ discountId, name, amount }, index) => ({
    invoice_id: invoiceId,
    discount_id: discountId,
    name,
    position: index + 1,
    amount: amount.toString(),
  }));
}

/** Amounts are checked to be JSON integers before an invoice is written. */
function jsonShare({ code, name, rate, base, amount }: TaxShare) {
  return { code, name, rate, base: Number(base), amount: Number(amount) };
}
