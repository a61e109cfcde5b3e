import type { Invoice, InvoiceLine, Price } from '@nova/prisma-tenant';

import { toDecimal } from '../../domain/money/decimal.js';
import type { TaxBehavior } from '../../domain/tax/tax-types.js';
import type { Metadata } from '../../platform/wire/metadata.js';
import type { TenantReader } from '../../tenancy/tenant-context.js';
import type { Charge, ChargeKind, LineExplanation } from './charge.js';
import type { BillingReason, CollectionMethod, InvoicePlan } from './invoice-plan.js';

type PricedLine = InvoiceLine & { readonly price: Pick<Price, 'planId'> | null };

/** What drafts charge as they stand, by invoice, each in the order of its lines. */
export async function loadChargesOfDrafts(
  db: TenantReader,
  invoiceIds: readonly string[],
): Promise<(invoiceId: string) => readonly Charge[]> {
  const lines = await db.invoiceLine.findMany({
    where: { invoiceId: { in: [...invoiceIds] } },
    include: { price: { select: { planId: true } } },
    orderBy: [{ invoiceId: 'asc' }, { position: 'asc' }],
  });
  const byInvoice = new Map<string, Charge[]>();
  for (const line of lines) {
    const charges = byInvoice.get(line.invoiceId);
    if (charges) charges.push(chargeOfLine(line));
    else byInvoice.set(line.invoiceId, [chargeOfLine(line)]);
  }
  return (invoiceId) => byInvoice.get(invoiceId) ?? [];
}

/** A draft as the plan that it would be made from now. */
export function planOfDraft(draft: Invoice, charges: readonly Charge[]): InvoicePlan {
  return {
    customerId: draft.customerId,
    subscriptionId: draft.subscriptionId,
    externalId: draft.externalId,
    currency: draft.currency,
    // Text columns with few values were checked on their way in.
    billingReason: draft.billingReason as BillingReason,
    collectionMethod: draft.collectionMethod as CollectionMethod,
    netTermsDays: draft.netTermsDays,
    memo: draft.memo,
    purchaseOrder: draft.purchaseOrder,
    metadata: draft.metadata as Metadata,
    charges,
    claims: [],
    finalize: draft.finalizeAt === null ? 'by_hand' : { at: draft.finalizeAt },
    onFinalize: draft.onFinalize as InvoicePlan['onFinalize'],
    discountsFrom: draft.discountsFrom === 'customer' ? 'customer' : null,
  };
}

function chargeOfLine(line: PricedLine): Charge {
  const { periodStart, periodEnd } = line;
  return {
    kind: line.kind as ChargeKind,
    description: line.description,
    priceId: line.priceId,
    planId: line.price?.planId ?? null,
    subscriptionId: line.subscriptionId,
    subscriptionItemId: line.subscriptionItemId,
    meterId: line.meterId,
    groupValues: line.groupValues as Charge['groupValues'],
    quantity: toDecimal(line.quantity),
    unitAmount: toDecimal(line.unitAmount),
    unit: line.unit,
    amount: line.amount,
    period: periodStart !== null && periodEnd !== null ? { start: periodStart, end: periodEnd } : null,
    taxCategory: line.taxCategory,
    taxBehavior: line.taxBehavior as TaxBehavior,
    eventCount: line.eventCount,
    explanation: line.explanation as unknown as LineExplanation,
  };
}
