import { expect } from 'vitest';

import { expectStatus, type ApiResponse } from './api.js';
import type { BillingStory } from './billing-story.js';

type Body = ApiResponse['body'];

/** What a verb has led to: the subscription, and the invoices and credit notes that it made. */
export interface Happened {
  readonly subscription: Body;
  readonly invoices: Body[];
  readonly creditNotes: Body[];
}

/**
 * Previews a verb, does it, and sees that what happened is what the preview said, line by line.
 */
export async function actAsPreviewed(
  story: BillingStory,
  id: string,
  { verb, input }: { verb: string; input?: Record<string, unknown> },
): Promise<Happened> {
  const preview = await story.act(`/subscriptions/${id}/preview`, { verb, ...(input ? { input } : {}) });
  const subscription = await story.act(`/subscriptions/${id}/${verb}`, input ?? {});
  const happened = await outcomeOf(story, subscription, { status: 'applied' });
  expectAsPreviewed(preview, happened);
  return happened;
}

/** What the latest change of a subscription has led to. */
export async function outcomeOf(
  story: BillingStory,
  subscription: Body,
  { status }: { status: string },
): Promise<Happened> {
  const changes = await story.read(`/subscriptions/${subscription.id}/changes?status=${status}&limit=1`);
  const [change] = changes.data;
  const invoices: Body[] = [];
  for (const id of change.invoiceIds) invoices.push(await story.read(`/invoices/${id}`));
  const creditNotes: Body[] = [];
  for (const id of change.creditNoteIds) creditNotes.push(await story.read(`/credit-notes/${id}`));
  return { subscription, invoices, creditNotes };
}

/** That invoices and credit notes are those of a preview, and the subscription stands as it said. */
export function expectAsPreviewed(preview: Body, { subscription, invoices, creditNotes }: Happened): void {
  const money = ({ subtotal, discountTotal, taxTotal, total, lines }: Body) => ({
    subtotal,
    discountTotal,
    taxTotal,
    total,
    lines: lines.map((line: Body) => [
      line.description,
      line.quantity,
      line.amount,
      line.periodStart,
      line.periodEnd,
    ]),
  });
  expect(invoices.map(money)).toEqual(preview.invoices.map(money));
  const totals = (note: Body) => [note.invoiceId, note.subtotal, note.taxTotal, note.total];
  expect(creditNotes.map(totals)).toEqual(preview.creditNotes.map(totals));
  const { status, planId, currentPeriodStart, currentPeriodEnd, nextBillingAt, anchorDate } =
    preview.subscription;
  expect(subscription).toMatchObject({
    status,
    planId,
    currentPeriodStart,
    currentPeriodEnd,
    nextBillingAt,
    anchorDate,
  });
  const quantities = (of: Body) => of.items.map((item: Body) => [item.priceId, item.quantity]);
  expect(quantities(subscription)).toEqual(quantities(preview.subscription));
}

/** The sum of what a subscription was invoiced for and not given back. */
export async function netOf(story: BillingStory, subscription: Body): Promise<number> {
  const invoices = await story.invoicesOf(subscription);
  const notes = await Promise.all(
    invoices.map(async ({ id }) =>
      expectStatus(await story.api.get(`/credit-notes?invoice=${id}&limit=100`), 200),
    ),
  );
  const billed = invoices.reduce((sum, { total }) => sum + total, 0);
  return notes.flatMap(({ data }) => data).reduce((sum, { total }: Body) => sum - total, billed);
}
