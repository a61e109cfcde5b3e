import { printDate, printPeriod } from '../../../domain/calendar/print-date.js';
import { formatQuantity, formatUnitAmount } from '../../../domain/money/money.js';
import type {
  DocumentLine,
  DocumentParty,
  InvoiceDocument,
} from '../../invoices/document/invoice-document.js';
import { partyLines } from '../../invoices/document/party-lines.js';
import { taxLabel } from '../../invoices/document/tax-label.js';
import { html, type Html, paragraphs } from './html.js';
import { moneyText } from './money-text.js';

/** What the lines of a page may weigh, in characters: whoever pays by phone pays for each. The PDF has them all. */
const LINES_WEIGHT_MAX = 40_000;

/** What is billed: the sides, the lines, the taxes and sums, as the invoice's document has them. */
export function invoiceSummary(document: InvoiceDocument, pdfHref: string): Html {
  const { title, number, seller, buyer, notices, memo, footer } = document;
  return html`<section class="card paper stack" aria-labelledby="paper">
    <h2 id="paper">${title} ${number}</h2>
    ${factsOf(document)}
    <div class="parties">${partyOf('From', seller)}${partyOf('Billed to', buyer)}</div>
    ${linesOf(document)} ${sumsOf(document)} ${notices.map((text) => html`<p class="small">${text}</p>`)}
    ${memo && html`<div class="small">${paragraphs(memo)}</div>`}
    ${footer && html`<div class="small soft">${paragraphs(footer)}</div>`}
    <p class="no-print"><a class="button plain" href="${pdfHref}">Download as PDF</a></p>
  </section>`;
}

function factsOf({ issuedAt, dueAt, purchaseOrder, timeZone }: InvoiceDocument): Html {
  const rows = [
    { name: 'Date', value: issuedAt && printDate(issuedAt, timeZone) },
    { name: 'Due', value: dueAt && printDate(dueAt, timeZone) },
    { name: 'Purchase order', value: purchaseOrder },
  ].filter(({ value }) => value !== null);
  return html`<dl class="facts">
    ${rows.map(
      ({ name, value }) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

function partyOf(role: string, party: DocumentParty): Html {
  const lines = partyLines(party).map((line) => html`<p class="small soft">${line}</p>`);
  return html`<div>
    <h3 class="small soft">${role}</h3>
    <p><strong>${party.name}</strong></p>
    ${lines}
  </div>`;
}

function linesOf(document: InvoiceDocument): Html {
  const items: Html[] = [];
  let weight = 0;
  for (const line of document.lines) {
    const item = lineOf(line, document);
    weight += item.markup.length;
    if (weight > LINES_WEIGHT_MAX) break;
    items.push(item);
  }
  const rest = document.lines.slice(items.length);
  return html`<ul class="lines">
    ${items}${rest.length > 0 && restOf(rest, document)}
  </ul>`;
}

function lineOf(line: DocumentLine, { currency, timeZone }: InvoiceDocument): Html {
  const { description, period, quantity, unit, unitAmount, tax, amount } = line;
  const of = `${formatQuantity(quantity)}${unit === null ? '' : ` ${unit}`} × ${formatUnitAmount(unitAmount, currency)}`;
  const small = [period && printPeriod(period, timeZone), of, tax && `tax ${tax}`].filter(Boolean);
  return html`<li>
    <div>
      <p>${description}</p>
      <p class="small soft">${small.join(' · ')}</p>
    </div>
    <div class="money">${moneyText(amount, currency)}</div>
  </li>`;
}

function restOf(rest: readonly DocumentLine[], { currency }: InvoiceDocument): Html {
  const sum = rest.reduce((total, { amount }) => total + amount, 0n);
  return html`<li>
    <div>${rest.length} more, listed in the PDF</div>
    <div class="money">${moneyText(sum, currency)}</div>
  </li>`;
}

function sumsOf(document: InvoiceDocument): Html {
  const { currency, subtotal, discounts, taxes, total, settled, amountPaid, amountDue, status } = document;
  const taken = taxes.filter(({ reason }) => reason === null);
  const parts = [
    { label: 'Subtotal', amount: subtotal },
    ...discounts.map(({ label, amount }) => ({ label: `Discount: ${label}`, amount: -amount })),
    ...taken.map((tax) => ({ label: taxLabel(tax), amount: tax.amount })),
  ];
  const less = [...settled, { label: 'Paid', amount: amountPaid }]
    .filter(({ amount }) => amount !== 0n)
    .map(({ label, amount }) => ({ label, amount: -amount }));
  const row = ({ label, amount }: { label: string; amount: bigint }, strong = '') =>
    html`<dt class="${strong}">${label}</dt>
      <dd class="${strong}">${moneyText(amount, currency)}</dd>`;
  return html`<dl class="rows">
    ${parts.map((part) => row(part))}${row({ label: 'Total', amount: total }, 'strong')}${less.map((part) => row(part))}${status !== 'void' && row({ label: 'Amount due', amount: amountDue }, 'strong')}
  </dl>`;
}
