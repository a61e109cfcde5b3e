import { html, type Html } from './html.js';
import type { Page, PageOwner } from './shell.js';

export interface ReceiptView {
  readonly owner: PageOwner;
  readonly isTest: boolean;
  readonly number: string;
  readonly buyer: string;
  /** As they are printed. */
  readonly amount: string;
  readonly refunded: string | null;
  readonly paidOn: string;
  readonly provider: string;
  /** What the payer has in hand of the provider: M-Pesa's receipt number. */
  readonly receipt: string | null;
  /** Our name of the payment at the provider. */
  readonly reference: string;
  readonly invoiceHref: string;
}

/** A receipt of one payment, to be kept or printed. */
export function receiptPage(view: ReceiptView): Page {
  const { owner, isTest, number, amount, buyer, refunded, paidOn, provider, receipt, reference } = view;
  const rows = [
    { name: 'Paid to', value: owner.name },
    { name: 'Paid by', value: buyer },
    { name: 'For', value: html`Invoice <span class="nowrap">${number}</span>` },
    { name: 'On', value: html`<span class="nowrap">${paidOn}</span>` },
    { name: 'By', value: provider },
    { name: 'Receipt number', value: receipt },
    { name: 'Reference', value: html`<span class="small">${reference}</span>` },
    { name: 'Paid back since', value: refunded },
  ].filter(({ value }) => value !== null);
  return {
    title: `Receipt for invoice ${number}`,
    owner,
    isTest,
    layout: 'narrow',
    body: html`<section class="card stack">
      <p class="soft">Receipt</p>
      <h1 class="sum">${amount}</h1>
      <p class="pill good">Paid</p>
      <dl class="facts">${rows.map(rowOf)}</dl>
      <p class="no-print"><a href="${view.invoiceHref}">Back to the invoice</a></p>
    </section>`,
  };
}

function rowOf({ name, value }: { name: string; value: string | Html | null }): Html {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}
