import { formatMoney } from '../../../domain/money/money.js';
import type { InvoiceDocument } from './invoice-document.js';
import type { DrawnBlock } from './line-table.js';
import { CONTENT_WIDTH, lineHeight, PAGE, type Pen, STYLES, type TextStyle } from './pen.js';
import { wrapText } from './wrap-text.js';

interface TotalRow {
  readonly label: string;
  readonly amount: string;
  readonly style: TextStyle;
  readonly ruleAbove: boolean;
}

const ROW_HEIGHT = 19;
const SPACE_ABOVE = 8;
const NARROWEST = 210;

/** Subtotal, total, what has been paid and what is due, in one block at the right that is never cut. */
export function totalsBlock(pen: Pen, document: InvoiceDocument): DrawnBlock {
  const rows = totalRows(document);
  const widest = (texts: { text: string; style: TextStyle }[]) =>
    Math.max(...texts.map(({ text, style }) => pen.measure(text, style)));
  const width =
    widest(rows.map(({ label, style }) => ({ text: label, style }))) +
    widest(rows.map(({ amount, style }) => ({ text: amount, style }))) +
    28;
  const left = PAGE.right - Math.max(NARROWEST, width);
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
  const sums = [
    row('Subtotal', document.subtotal, STYLES.number, false),
    row('Total', document.total, STYLES.amount, true),
  ];
  if (document.status === 'draft' || document.status === 'void') return sums;
  const paid =
    document.amountPaid === 0n ? [] : [row('Amount paid', -document.amountPaid, STYLES.number, true)];
  return [...sums, ...paid, row('Amount due', document.amountDue, STYLES.due, true)];
}

/** The texts below the totals. They flow over pages line by line, a heading staying with its first line. */
export function noteBlocks(pen: Pen, document: InvoiceDocument): DrawnBlock[] {
  const payable = document.status === 'open';
  return [
    ...noteOf(pen, { heading: 'How to pay', text: payable ? document.howToPay : null, style: STYLES.body }),
    ...noteOf(pen, { heading: 'Notes', text: document.memo, style: STYLES.body }),
    ...noteOf(pen, { heading: null, text: document.footer, style: { ...STYLES.label } }),
  ];
}

interface Note {
  readonly heading: string | null;
  readonly text: string | null;
  readonly style: TextStyle;
}

function noteOf(pen: Pen, { heading, text, style }: Note): DrawnBlock[] {
  if (text === null || text.trim() === '') return [];
  const lines = wrapText(text.trim(), CONTENT_WIDTH, (part) => pen.measure(part, style));
  const blocks = lines.map((line): DrawnBlock => ({
    height: lineHeight(style),
    section: 'notes',
    keepWithNext: false,
    draw: (y) => pen.write(line, { x: PAGE.left, y }, style),
  }));
  return [headingBlock(pen, heading), ...blocks];
}

function headingBlock(pen: Pen, heading: string | null): DrawnBlock {
  const space = 14;
  return {
    height: space + (heading === null ? 0 : lineHeight(STYLES.heading) + 2),
    section: 'notes',
    keepWithNext: true,
    draw(y) {
      if (heading !== null) pen.write(heading, { x: PAGE.left, y: y + space }, STYLES.heading);
    },
  };
}
