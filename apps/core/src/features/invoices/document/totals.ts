import { formatMoney } from '../../../domain/money/money.js';
import type { DocumentPayment, InvoiceDocument } from './invoice-document.js';
import type { DrawnBlock } from './line-table.js';
import { lineHeight, PAGE, type Pen, STYLES, type TextStyle } from './pen.js';
import { taxLabel } from './tax-label.js';

interface TotalRow {
  readonly label: string;
  readonly amount: string;
  readonly style: TextStyle;
  readonly ruleAbove: boolean;
}

const ROW_HEIGHT = 19;
const SPACE_ABOVE = 8;
const NARROWEST = 230;

/** Subtotal, discounts, taxes, total, what has settled it and what is due, in one block that is never cut. */
export function totalsBlock(pen: Pen, document: InvoiceDocument): DrawnBlock {
  const rows = totalRows(document);
  const widest = (texts: { text: string; style: TextStyle }[]) =>
    Math.max(...texts.map(({ text, style }) => pen.measure(text, style)));
  const width =
    widest(rows.map(({ label, style }) => ({ text: label, style }))) +
    widest(rows.map(({ amount, style }) => ({ text: amount, style }))) +
    28;
  const left = Math.max(PAGE.left, PAGE.right - Math.max(NARROWEST, width));
  return {
    height: SPACE_ABOVE + rows.length * ROW_HEIGHT + 10,
    section: 'table',
    keepWithNext: false,
    draw(top) {
      let y = top + SPACE_ABOVE;
      for (const row of rows) {
        if (row.ruleAbove) pen.rule(y, left);
        const at = y + (ROW_HEIGHT - lineHeight(row.style)) / 2;
        pen.write(row.label, { x: left, y: at }, row.style);
        pen.write(row.amount, { x: PAGE.right, y: at, align: 'right' }, row.style);
        y += ROW_HEIGHT;
      }
    },
  };
}

function totalRows(document: InvoiceDocument): TotalRow[] {
  const row = (label: string, amount: bigint, style: TextStyle, ruleAbove: boolean): TotalRow => ({
    label,
    amount: formatMoney(amount, document.currency),
    style,
    ruleAbove,
  });
  const part = (label: string, amount: bigint) => row(label, amount, STYLES.number, false);
  if (document.payment !== undefined) return receiptRows(document, document.payment, { row, part });
  const taken = document.taxes.filter(({ reason }) => reason === null);
  const sums = [
    part('Subtotal', document.subtotal),
    ...document.discounts.map(({ label, amount }) => part(`Discount: ${label}`, -amount)),
    ...(taken.length > 0
      ? [row('Total before tax', document.total - document.taxTotal, STYLES.number, true)]
      : []),
    ...taken.map((tax) => part(taxLabel(tax), tax.amount)),
    row(
      document.kind === 'credit_note' ? 'Total credited' : 'Total',
      document.total,
      totalStyle(document),
      true,
    ),
  ];
  if (document.status === 'draft' || document.status === 'void') return sums;
  if (document.kind === 'credit_note') {
    return [...sums, ...document.settled.map(({ label, amount }) => part(label, amount))];
  }
  const settled = [...document.settled, { label: 'Amount paid', amount: document.amountPaid }]
    .filter(({ amount }) => amount !== 0n)
    .map(({ label, amount }, index) => row(label, -amount, STYLES.number, index === 0));
  return [...sums, ...settled, row('Amount due', document.amountDue, STYLES.due, true)];
}

interface RowMakers {
  readonly row: (label: string, amount: bigint, style: TextStyle, ruleAbove: boolean) => TotalRow;
  readonly part: (label: string, amount: bigint) => TotalRow;
}

/** What came, what of it was more than was due, and what is due now. */
function receiptRows(
  { refersTo, total, amountDue }: InvoiceDocument,
  { amount, toBalance }: DocumentPayment,
  { row, part }: RowMakers,
): TotalRow[] {
  return [
    part(`Total of invoice ${refersTo?.number ?? ''}`.trimEnd(), total),
    row('Amount received', amount, STYLES.due, true),
    ...(toBalance > 0n ? [part('Of it, to your account balance', toBalance)] : []),
    row('Still due on the invoice', amountDue, STYLES.amount, true),
  ];
}

function totalStyle({ kind }: InvoiceDocument): TextStyle {
  return kind === 'credit_note' ? STYLES.due : STYLES.amount;
}
