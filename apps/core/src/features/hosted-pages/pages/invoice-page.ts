import { printDate } from '../../../domain/calendar/print-date.js';
import type { InvoiceDocument } from '../../invoices/document/invoice-document.js';
import { html, type Html, safeHref } from './html.js';
import { invoiceSummary } from './invoice-summary.js';
import { moneyText } from './money-text.js';
import type { Page, PageOwner } from './shell.js';
import { type PaySection, waysToPay } from './ways-to-pay.js';

/** Everything that the page of an invoice or of a checkout shows. */
export interface InvoicePageView {
  readonly document: InvoiceDocument;
  readonly owner: PageOwner;
  readonly isTest: boolean;
  readonly isOverdue: boolean;
  readonly pdfHref: string;
  /** What is to be paid here; null where nothing is. */
  readonly pay: PaySection | null;
  /** A payment that has begun and not ended. */
  readonly underWay: { readonly href: string; readonly isWaiting: boolean } | null;
  /** What is going to be charged by itself, as it is printed. */
  readonly chargedByItself: string | null;
  readonly receipts: readonly { readonly href: string; readonly amount: string }[];
  /** Where a checkout's customer goes back to. */
  readonly back: { readonly href: string; readonly text: string } | null;
}

/** The page on which a customer sees an invoice, and pays it. */
export function invoicePage(view: InvoicePageView): Page {
  const { document, owner, isTest, pdfHref } = view;
  return {
    title: `Invoice ${document.number ?? ''} from ${owner.name}`,
    owner,
    isTest,
    layout: 'wide',
    body: html`${headOf(view)}${invoiceSummary(document, pdfHref)}`,
  };
}

function headOf(view: InvoicePageView): Html {
  const { document, pay, receipts, back, chargedByItself } = view;
  const { status, currency, amountDue, total } = document;
  const isDue = status === 'open' || status === 'uncollectible';
  const sum = pay?.amount ?? moneyText(isDue ? amountDue : total, currency);
  return html`<section class="card pay stack" aria-labelledby="sum">
    <p class="soft">Invoice ${document.number}</p>
    <h1 class="sum" id="sum">${sum}</h1>
    ${statusOf(view)}
    ${chargedByItself && html`<p class="note">${chargedByItself} will be charged to your saved payment method. You do not need to do anything.</p>`}
    ${underWayOf(view)}
    ${
      pay &&
      html`<h2>How would you like to pay?</h2>
        ${waysToPay(pay)}`
    }
    ${receipts.map(({ href, amount }) => html`<p><a class="button plain" href="${href}">Receipt for ${amount}</a></p>`)}
    ${back && safeHref(back.href) && html`<p><a href="${back.href}">${back.text}</a></p>`}
  </section>`;
}

function statusOf({ document, isOverdue }: InvoicePageView): Html {
  const { status, dueAt, paidAt, timeZone } = document;
  if (status === 'paid') {
    const on = paidAt === null ? '' : ` on ${printDate(paidAt, timeZone)}`;
    return html`<p class="pill good">Paid${on}</p>`;
  }
  if (status === 'void')
    return html`<p class="pill">Void</p>
      <p>This invoice was cancelled. There is nothing to pay.</p>`;
  const due = dueAt === null ? 'To be paid' : `Due ${printDate(dueAt, timeZone)}`;
  return isOverdue ? html`<p class="pill bad">${due}: overdue</p>` : html`<p class="pill">${due}</p>`;
}

function underWayOf({ underWay }: InvoicePageView): Html | null {
  if (underWay === null) return null;
  const text = underWay.isWaiting
    ? 'A payment of this invoice is under way.'
    : 'A payment of this invoice was begun, and has not been made yet.';
  return html`<div class="note stack" role="status">
    <p>${text}</p>
    <p><a href="${underWay.href}">${underWay.isWaiting ? 'See how it stands' : 'Go on with it'}</a></p>
  </div>`;
}
