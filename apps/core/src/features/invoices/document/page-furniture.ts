import type { InvoiceDocument } from './invoice-document.js';
import { COLORS, lineHeight, PAGE, type Pen, STYLES, type TextStyle } from './pen.js';
import { printable } from './wrap-text.js';

/** Where the content of a page after the first begins. */
export const CONTINUATION_TOP = PAGE.top + 26;

/** What every page has: the coloured edge, and at the foot what the page belongs to and its place among the others. */
export function drawPageFrame(
  pen: Pen,
  document: InvoiceDocument,
  page: { number: number; of: number },
): void {
  pen.pdf.rect(0, 0, PAGE.width, 5).fill(document.brand.color ?? COLORS.accent);
  const y = PAGE.bottom + 12;
  pen.rule(y);
  const place = `Page ${page.number} of ${page.of}`;
  pen.write(place, { x: PAGE.right, y: y + 7, align: 'right' }, STYLES.small);
  const room = PAGE.right - PAGE.left - pen.measure(place, STYLES.small) - 24;
  pen.write(clip(pen, titleOf(document), room, STYLES.small), { x: PAGE.left, y: y + 7 }, STYLES.small);
}

/** The head of a page after the first: enough to know a loose sheet by. */
export function drawContinuationHeader(pen: Pen, document: InvoiceDocument): void {
  const label = document.number ?? draftName(document);
  pen.write(label, { x: PAGE.right, y: PAGE.top - 12, align: 'right' }, STYLES.strong);
  const room = PAGE.right - PAGE.left - pen.measure(label, STYLES.strong) - 24;
  pen.write(
    clip(pen, document.seller.name, room, STYLES.strong),
    { x: PAGE.left, y: PAGE.top - 12 },
    STYLES.strong,
  );
  pen.rule(PAGE.top - 12 + lineHeight(STYLES.strong) + 6);
}

/** What the document is called: in its properties and at the foot of its pages. */
export function titleOf(document: InvoiceDocument): string {
  const name = document.number === null ? draftName(document) : `${document.title} ${document.number}`;
  return `${name} · ${printable(document.seller.name).replaceAll('\n', ' ')}`;
}

function draftName({ title }: InvoiceDocument): string {
  return `Draft ${title.toLowerCase()}`;
}

function clip(pen: Pen, text: string, width: number, style: TextStyle): string {
  const line = printable(text).replaceAll('\n', ' ');
  if (pen.measure(line, style) <= width) return line;
  const letters = Array.from(line);
  let [fits, tooLong] = [0, letters.length];
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2);
    const isShortEnough = pen.measure(`${letters.slice(0, middle).join('')}…`, style) <= width;
    [fits, tooLong] = isShortEnough ? [middle, tooLong] : [fits, middle];
  }
  return `${letters.slice(0, fits).join('').trimEnd()}…`;
}
