import { printPeriod } from '../../../domain/calendar/print-date.js';
import { formatMoney, formatQuantity, formatUnitAmount } from '../../../domain/money/money.js';
import type { DocumentLine, InvoiceDocument } from './invoice-document.js';
import type { Block } from './paginate.js';
import { COLORS, CONTENT_WIDTH, lineHeight, PAGE, type Pen, STYLES, type TextStyle } from './pen.js';
import { wrapText } from './wrap-text.js';

/** A strip of the document that can draw itself, given the top of its place on the page. */
export interface DrawnBlock extends Block {
  draw(y: number): void;
}

export const TABLE_HEADER_HEIGHT = 24;
const PADDING = 6;
const GAP = 18;
/** Up to this many lines a row is never cut. */
const LINES_KEPT_TOGETHER = 12;
const NARROWEST_DESCRIPTION = 150;

interface Cells {
  readonly quantity: string;
  readonly unitPrice: string;
  readonly tax: string;
  readonly amount: string;
}

/** Where the columns of numbers end, how wide the description is, and the styles that make all numbers fit. */
export interface Columns {
  readonly description: number;
  readonly quantity: number;
  readonly unitPrice: number;
  /** Null where no line has a tax: then there is no such column. */
  readonly tax: number | null;
  readonly amount: number;
  readonly numbers: TextStyle;
  readonly amounts: TextStyle;
}

/** Makes the columns as wide as their widest number; numbers that would crowd out the description are set smaller. */
export function columnsOf(pen: Pen, document: InvoiceDocument): Columns {
  const cells = document.lines.map((line) => cellsOf(line, document));
  const widest = (head: string, texts: string[], style: TextStyle) =>
    Math.max(pen.measure(head, STYLES.columnHead), ...texts.map((text) => pen.measure(text, style))) + GAP;
  const quantity = widest(
    'Qty',
    cells.map((row) => row.quantity),
    STYLES.number,
  );
  const unitPrice = widest(
    'Unit price',
    cells.map((row) => row.unitPrice),
    STYLES.number,
  );
  const isTaxed = cells.some((row) => row.tax !== '');
  const tax = isTaxed
    ? widest(
        'Tax',
        cells.map((row) => row.tax),
        STYLES.number,
      )
    : 0;
  const amount = widest(
    'Amount',
    cells.map((row) => row.amount),
    STYLES.amount,
  );
  const scale = Math.min(1, (CONTENT_WIDTH - NARROWEST_DESCRIPTION) / (quantity + unitPrice + tax + amount));
  return {
    description: CONTENT_WIDTH - (quantity + unitPrice + tax + amount) * scale,
    quantity: PAGE.right - (unitPrice + tax + amount) * scale,
    unitPrice: PAGE.right - (tax + amount) * scale,
    tax: isTaxed ? PAGE.right - amount * scale : null,
    amount: PAGE.right,
    numbers: { ...STYLES.number, size: STYLES.number.size * scale },
    amounts: { ...STYLES.amount, size: STYLES.amount.size * scale },
  };
}

/** The table's header, on the first page and again on every page that begins inside the table. */
export function drawTableHeader(pen: Pen, columns: Columns, top: number): void {
  const y = top + 4;
  pen.write('Description', { x: PAGE.left, y }, STYLES.columnHead);
  pen.write('Qty', { x: columns.quantity, y, align: 'right' }, STYLES.columnHead);
  pen.write('Unit price', { x: columns.unitPrice, y, align: 'right' }, STYLES.columnHead);
  if (columns.tax !== null) pen.write('Tax', { x: columns.tax, y, align: 'right' }, STYLES.columnHead);
  pen.write('Amount', { x: columns.amount, y, align: 'right' }, STYLES.columnHead);
  pen.pdf.lineWidth(1).strokeColor(COLORS.ink);
  pen.pdf
    .moveTo(PAGE.left, top + 19)
    .lineTo(PAGE.right, top + 19)
    .stroke();
}

/** The rows of the table. The last one stays with the totals that follow. */
export function tableBlocks(pen: Pen, document: InvoiceDocument, columns: Columns): DrawnBlock[] {
  const rows = document.lines.map((line) => rowBlocks(pen, line, document, columns));
  if (rows.length === 0) rows.push([emptyRow(pen)]);
  const last = rows.at(-1) ?? [];
  const kept = last.map((block, index) =>
    index === last.length - 1 ? { ...block, keepWithNext: true } : block,
  );
  return [...rows.slice(0, -1), kept].flat();
}

function rowBlocks(pen: Pen, line: DocumentLine, document: InvoiceDocument, columns: Columns): DrawnBlock[] {
  const width = columns.description - GAP / 2;
  const wrap = (text: string, style: TextStyle) =>
    wrapText(text, width, (part) => pen.measure(part, style)).map((part) => ({ text: part, style }));
  const lines = [
    ...wrap(line.description, { ...STYLES.body, color: COLORS.ink }),
    ...(line.period ? wrap(printPeriod(line.period, document.timeZone), STYLES.label) : []),
    ...line.details.flatMap((detail) => wrap(detail, STYLES.small)),
  ];
  const cells = cellsOf(line, document);
  return lines.map(({ text, style }, index) => {
    const isFirst = index === 0;
    const isLast = index === lines.length - 1;
    const above = isFirst ? PADDING : 0;
    const height = above + lineHeight(style) + (isLast ? PADDING : 0);
    return {
      height,
      section: 'table',
      keepWithNext: !isLast && (lines.length <= LINES_KEPT_TOGETHER || isFirst),
      draw(y) {
        pen.write(text, { x: PAGE.left, y: y + above }, style);
        if (isFirst) drawCells(pen, cells, columns, y + above);
        if (isLast) pen.rule(y + height);
      },
    };
  });
}

function emptyRow(pen: Pen): DrawnBlock {
  const height = lineHeight(STYLES.body) + 2 * PADDING;
  return {
    height,
    section: 'table',
    keepWithNext: true,
    draw(y) {
      pen.write(
        'Nothing has been added yet.',
        { x: PAGE.left, y: y + PADDING },
        { ...STYLES.body, color: COLORS.muted },
      );
      pen.rule(y + height);
    },
  };
}

function cellsOf(line: DocumentLine, document: InvoiceDocument): Cells {
  return {
    quantity:
      line.unit === null ? formatQuantity(line.quantity) : `${formatQuantity(line.quantity)} ${line.unit}`,
    unitPrice: formatUnitAmount(line.unitAmount, document.currency),
    tax: line.tax ?? '',
    amount: formatMoney(line.amount, document.currency),
  };
}

function drawCells(pen: Pen, cells: Cells, columns: Columns, y: number): void {
  // A smaller number still stands on the line of its description.
  const place = (x: number, style: TextStyle) =>
    ({ x, y: y + (STYLES.body.size - style.size) * 1.15, align: 'right' }) as const;
  pen.write(cells.quantity, place(columns.quantity, columns.numbers), columns.numbers);
  pen.write(cells.unitPrice, place(columns.unitPrice, columns.numbers), columns.numbers);
  if (columns.tax !== null) pen.write(cells.tax, place(columns.tax, columns.numbers), columns.numbers);
  pen.write(cells.amount, place(columns.amount, columns.amounts), columns.amounts);
}
