import type { SubscriptionChange } from '@nova/prisma-tenant';

import type { TenantContext, TenantReader } from '../../../tenancy/tenant-context.js';
import { assembleInvoicePlans } from '../../billing/assemble-invoice-plans.js';
import type { ActiveDiscount } from '../../billing/load-discounts.js';
import type { Act } from '../acts/act.js';
import { openItems } from '../acts/item-value.js';
import { nextBilling } from '../next-billing.js';
import { toSubscriptionWire } from '../subscription-wire.js';
import { changesAfter, planUpcoming, type UpcomingInvoice } from './plan-upcoming.js';
import { previewCredits } from './preview-credits.js';
import {
  type InvoicePreviewWire,
  type SubscriptionPreviewWire,
  toCreditNotePreview,
  toInvoicePreview,
} from './preview-wire.js';

/** An act that has not happened, and what the subscription waits for besides. */
export interface PreviewedAct {
  readonly act: Act;
  readonly changes: readonly SubscriptionChange[];
  /** Discounts that a new subscription would come with. */
  readonly discounts?: readonly ActiveDiscount[];
}

/**
 * What an act would come to, from the same plan that `applyAct` writes: its invoices with discounts and taxes, its credit
 * notes, the subscription as it would stand, and the invoice after it.
 * @throws amountTooLarge
 */
export async function previewAct(
  ctx: TenantContext,
  db: TenantReader,
  { act, changes, discounts = [] }: PreviewedAct,
): Promise<SubscriptionPreviewWire> {
  const charging = act.invoices.filter(({ charges }) => charges.length > 0);
  const assembled = await assembleInvoicePlans(ctx, db, charging, discounts);
  const invoices = assembled.map((one) => toInvoicePreview(one, act.at));
  const creditNotes = (await previewCredits(db, act.credits)).map(toCreditNotePreview);
  const left = changesAfter(act, changes);
  const upcoming = await planUpcoming(ctx, db, { before: act.after, changes: left });
  const { subscription } = act.after;
  const next = nextBilling(subscription, left[0]?.effectiveAt ?? null);
  return {
    object: 'subscription_preview',
    effectiveAt: act.at.toISOString(),
    invoices,
    creditNotes,
    charged: invoices.reduce((sum, { total }) => sum + total, 0),
    credited: creditNotes.reduce((sum, { total }) => sum + total, 0),
    subscription: toSubscriptionWire({
      ...subscription,
      nextBillingAt: next?.at ?? null,
      items: openItems(act.after).map(({ row }) => row),
      latestInvoiceId: null,
    }),
    nextInvoice: upcoming && (await showUpcoming(ctx, db, upcoming, discounts)),
  };
}

/** An invoice that lies ahead, with its discounts and taxes of today. */
export async function showUpcoming(
  ctx: TenantContext,
  db: TenantReader,
  { plan, at }: UpcomingInvoice,
  discounts: readonly ActiveDiscount[] = [],
): Promise<InvoicePreviewWire> {
  const [assembled] = await assembleInvoicePlans(ctx, db, [plan], discounts);
  if (!assembled) throw new Error('An invoice got lost while it was previewed.');
  return toInvoicePreview(assembled, at);
}
