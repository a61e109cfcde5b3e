import { printDate } from '../../../domain/calendar/print-date.js';
import { formatMoney } from '../../../domain/money/money.js';
import type { DocumentParty, InvoiceDocument } from './invoice-document.js';
import { partyLines } from './party-lines.js';
import { COLORS, CONTENT_WIDTH, fitted, lineHeight, PAGE, type Pen, STYLES, type TextStyle } from './pen.js';
import { drawBadges, statusNotice } from './status-mark.js';
import { wrapText } from './wrap-text.js';

const COLUMN = 270;
const STRIP_HEIGHT = 50;
/** So many lines that the longest names and addresses still leave both parties on the page. */
const NAME_LINES_MAX = 7;
const DETAIL_LINES_MAX = 2;

/** The head of the first page: the seller as a letterhead, title and number, the key facts, the buyer. Returns where it ends. */
export function drawFirstPageHeader(pen: Pen, document: InvoiceDocument): number {
  const sellerEnd = drawParty(pen, document.seller, PAGE.top, STYLES.seller);
  const titleEnd = drawTitle(pen, document);
  const stripTop = Math.max(sellerEnd, titleEnd) + 20;
  drawStrip(pen, factsOf(document), stripTop);

  let y = stripTop + STRIP_HEIGHT + 20;
  pen.write('Billed to', { x: PAGE.left, y }, STYLES.label);
  y = drawParty(pen, document.buyer, y + lineHeight(STYLES.label) + 1, STYLES.heading) + 22;

  const notice = statusNotice(document);
  if (notice === null) return y;
  pen.write(notice, { x: PAGE.left, y: y - 6 }, STYLES.strong);
  return y + lineHeight(STYLES.strong) + 8;
}

function drawParty(pen: Pen, party: DocumentParty, top: number, nameStyle: TextStyle): number {
  let y = top;
  const draw = (text: string, style: TextStyle, linesMax: number) => {
    const lines = wrapText(text, COLUMN, (part) => pen.measure(part, style));
    for (const [index, line] of lines.slice(0, linesMax).entries()) {
      const isCut = index === linesMax - 1 && lines.length > linesMax;
      pen.write(isCut ? `${line} …` : line, { x: PAGE.left, y }, style);
      y += lineHeight(style);
    }
  };
  draw(party.name, nameStyle, NAME_LINES_MAX);
  y += 2;
  for (const text of partyLines(party)) draw(text, { ...STYLES.body, size: 8.5 }, DETAIL_LINES_MAX);
  return y;
}

function drawTitle(pen: Pen, document: InvoiceDocument): number {
  let y: number = PAGE.top - 9;
  pen.write('Invoice', { x: PAGE.right, y, align: 'right' }, STYLES.title);
  y += lineHeight(STYLES.title);
  if (document.number !== null) {
    pen.write(
      document.number,
      { x: PAGE.right, y, align: 'right' },
      { ...STYLES.figure, color: COLORS.text },
    );
    y += lineHeight(STYLES.figure);
  }
  return drawBadges(pen, document, y + 5) ? y + 23 : y;
}

interface Fact {
  readonly label: string;
  readonly value: string;
}

/** The key facts, the money last. */
function factsOf(document: InvoiceDocument): Fact[] {
  const money = (amount: bigint) => formatMoney(amount, document.currency);
  const day = (label: string, moment: Date | null): Fact[] =>
    moment ? [{ label, value: printDate(moment, document.timeZone) }] : [];
  const dates = day('Date of issue', document.issuedAt);
  switch (document.status) {
    case 'draft':
      return [...day('Drafted', document.createdAt), { label: 'Total', value: money(document.total) }];
    case 'open':
    case 'uncollectible':
      return [
        ...dates,
        ...day('Date due', document.dueAt),
        { label: 'Amount due', value: money(document.amountDue) },
      ];
    case 'paid':
      return [
        ...dates,
        ...day('Date paid', document.paidAt),
        { label: 'Amount paid', value: money(document.amountPaid) },
      ];
    case 'void':
      return [
        ...dates,
        ...day('Date voided', document.voidedAt),
        { label: 'Total', value: money(document.total) },
      ];
  }
}

function drawStrip(pen: Pen, facts: readonly Fact[], top: number): void {
  pen.pdf.roundedRect(PAGE.left, top, CONTENT_WIDTH, STRIP_HEIGHT, 5).fill(COLORS.panel);
  const step = (CONTENT_WIDTH - 32) / 3.2;
  for (const [index, fact] of facts.entries()) {
    const isLast = index === facts.length - 1;
    const at = isLast
      ? ({ x: PAGE.right - 16, align: 'right' } as const)
      : ({ x: PAGE.left + 16 + index * step, align: 'left' } as const);
    pen.write(fact.label, { ...at, y: top + 9 }, STYLES.label);
    const room = isLast ? CONTENT_WIDTH - 32 - index * step : step - 12;
    const style = fitted(pen, fact.value, isLast ? STYLES.due : STYLES.figure, room);
    pen.write(fact.value, { ...at, y: top + 23 }, style);
  }
}
