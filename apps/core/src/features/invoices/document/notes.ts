import type { InvoiceDocument } from './invoice-document.js';
import type { DrawnBlock } from './line-table.js';
import { COLORS, CONTENT_WIDTH, lineHeight, PAGE, type Pen, STYLES, type TextStyle } from './pen.js';
import { drawQrCode } from './qr-code.js';
import { taxSummary } from './tax-summary.js';
import { wrapText } from './wrap-text.js';

const QR_SIZE = 78;
const QR_GAP = 14;

/** What stands below the totals. Texts flow over pages line by line, a heading staying with its first line. */
export function noteBlocks(pen: Pen, document: InvoiceDocument): DrawnBlock[] {
  const { howToPay, paymentLink, notices, memo, footer } = document;
  const isPayable = document.status === 'open' || document.status === 'uncollectible';
  return [
    ...taxSummary(pen, document),
    ...notices.flatMap((text) => noteOf(pen, { heading: null, text, style: STYLES.strong })),
    ...(isPayable ? noteOf(pen, { heading: 'How to pay', text: howToPay, style: STYLES.body }) : []),
    ...(isPayable && paymentLink !== null ? [payOnline(pen, paymentLink)] : []),
    ...noteOf(pen, { heading: 'Notes', text: memo, style: STYLES.body }),
    ...fiscalBlocks(pen, document),
    ...noteOf(pen, { heading: null, text: footer, style: STYLES.label }),
  ];
}

function payOnline(pen: Pen, link: string): DrawnBlock {
  return besideQrCode(pen, link, {
    heading: 'Pay online',
    lines: [{ text: 'Scan the code, or open', style: STYLES.body }, ...linesOf(pen, link)],
    link,
  });
}

function linesOf(pen: Pen, link: string): { text: string; style: TextStyle }[] {
  const style: TextStyle = { ...STYLES.body, color: COLORS.accent };
  const width = CONTENT_WIDTH - QR_SIZE - QR_GAP;
  return wrapText(link, width, (part) => pen.measure(part, style))
    .slice(0, 3)
    .map((text) => ({ text, style }));
}

/** What the tax authority's system has given: its number, its signature and the code that checks both. */
function fiscalBlocks(pen: Pen, { fiscal }: InvoiceDocument): DrawnBlock[] {
  if (fiscal === null) return [];
  const width = CONTENT_WIDTH - QR_SIZE - QR_GAP;
  const lines = [
    fiscal.number && `Fiscal number ${fiscal.number}`,
    fiscal.signature && `Signature ${fiscal.signature}`,
  ]
    .filter((text) => typeof text === 'string')
    .flatMap((text) => wrapText(text, width, (part) => pen.measure(part, STYLES.label)))
    .slice(0, 5)
    .map((text) => ({ text, style: STYLES.label }));
  return [besideQrCode(pen, fiscal.qr, { heading: 'Registered with the tax authority', lines, link: null })];
}

function besideQrCode(
  pen: Pen,
  code: string | null,
  {
    heading,
    lines,
    link,
  }: { heading: string; lines: readonly { text: string; style: TextStyle }[]; link: string | null },
): DrawnBlock {
  const space = 14;
  const textHeight = lines.reduce(
    (sum, { style }) => sum + lineHeight(style),
    lineHeight(STYLES.heading) + 2,
  );
  const height = space + Math.max(textHeight, code === null ? 0 : QR_SIZE);
  return {
    height,
    section: 'notes',
    keepWithNext: false,
    draw(top) {
      let y = top + space;
      const x = code === null ? PAGE.left : PAGE.left + QR_SIZE + QR_GAP;
      if (code !== null) drawQrCode(pen, code, { x: PAGE.left, y, size: QR_SIZE });
      pen.write(heading, { x, y: y + 4 }, STYLES.heading);
      y += lineHeight(STYLES.heading) + 6;
      for (const { text, style } of lines) {
        pen.write(text, { x, y }, style);
        y += lineHeight(style);
      }
      if (link !== null) pen.pdf.link(PAGE.left, top + space, CONTENT_WIDTH, height - space, link);
    },
  };
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
