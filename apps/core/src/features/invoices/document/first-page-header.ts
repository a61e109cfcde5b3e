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
const BUYER_LABELS = { invoice: 'Billed to', credit_note: 'Credited to', receipt: 'Received from' } as const;

/** The head of the first page: the seller as a letterhead, title and number, the key facts, the buyer. Returns where it ends. */
export function drawFirstPageHeader(pen: Pen, document: InvoiceDocument): number {
  const logoEnd = drawLogo(pen, document);
  const sellerEnd = drawParty(pen, document.seller, logoEnd, STYLES.seller);
  const titleEnd = drawTitle(pen, document);
  const stripTop = Math.max(sellerEnd, titleEnd) + 20;
  drawStrip(pen, factsOf(document), stripTop);

  let y = stripTop + STRIP_HEIGHT + 20;
  pen.write(BUYER_LABELS[document.kind], { x: PAGE.left, y }, STYLES.label);
  y = drawParty(pen, document.buyer, y + lineHeight(STYLES.label) + 1, STYLES.heading) + 22;

  const notice = statusNotice(document);
  if (notice === null) return y;
  pen.write(notice, { x: PAGE.left, y: y - 6 }, STYLES.strong);
  return y + lineHeight(STYLES.strong) + 8;
}

const LOGO = { width: 180, height: 44, gap: 12 } as const;

/** The seller's logo above its name, as large as its place is. Returns where the name begins. */
function drawLogo(pen: Pen, { brand: { logo } }: InvoiceDocument): number {
  if (logo === null) return PAGE.top;
  const scale = Math.min(LOGO.width / logo.width, LOGO.height / logo.height);
  const top = PAGE.top - 6;
  pen.pdf.image(logo.bytes, PAGE.left, top, { width: logo.width * scale, height: logo.height * scale });
  return top + logo.height * scale + LOGO.gap;
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
  pen.write(document.title, { x: PAGE.right, y, align: 'right' }, STYLES.title);
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
  const money = (label: string, amount: bigint): Fact => ({
    label,
    value: formatMoney(amount, document.currency),
  });
  const day = (label: string, moment: Date | null): Fact[] =>
    moment ? [{ label, value: printDate(moment, document.timeZone) }] : [];
  const { purchaseOrder, refersTo, payment } = document;
  if (payment !== undefined) {
    return [
      ...day('Date paid', payment.paidAt),
      ...(refersTo === null ? [] : [{ label: 'For invoice', value: refersTo.number }]),
      { label: 'Paid with', value: payment.method },
      money('Amount received', payment.amount),
    ];
  }
  const facts = [
    ...day('Date of issue', document.issuedAt),
    ...(refersTo === null ? [] : [{ label: 'For invoice', value: refersTo.number }]),
    ...(purchaseOrder === null ? [] : [{ label: 'Purchase order', value: purchaseOrder }]),
  ];
  if (document.kind === 'credit_note') return [...facts, money('Total credited', document.total)];
  switch (document.status) {
    case 'draft':
      return [...day('Drafted', document.createdAt), ...facts, money('Total', document.total)];
    case 'open':
    case 'uncollectible':
      return [...facts, ...day('Date due', document.dueAt), money('Amount due', document.amountDue)];
    case 'paid':
      return [...facts, ...day('Date paid', document.paidAt), money('Total', document.total)];
    case 'void':
      return [...facts, ...day('Date voided', document.voidedAt), money('Total', document.total)];
  }
}

function drawStrip(pen: Pen, facts: readonly Fact[], top: number): void {
  pen.pdf.roundedRect(PAGE.left, top, CONTENT_WIDTH, STRIP_HEIGHT, 5).fill(COLORS.panel);
  const step = (CONTENT_WIDTH - 32) / (Math.max(3, facts.length) + 0.2);
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
