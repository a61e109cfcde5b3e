import { printDate } from '../../../domain/calendar/print-date.js';
import type { InvoiceDocument } from './invoice-document.js';
import { COLORS, lineHeight, PAGE, type Pen, type TextStyle } from './pen.js';

interface Mark {
  readonly text: string;
  readonly color: string;
  readonly panel: string;
}

const MARKS: Readonly<Record<InvoiceDocument['status'], Mark | null>> = {
  draft: { text: 'DRAFT', color: COLORS.amber, panel: COLORS.amberPanel },
  open: null,
  paid: { text: 'PAID', color: COLORS.green, panel: COLORS.greenPanel },
  void: { text: 'VOID', color: COLORS.red, panel: COLORS.redPanel },
  // Giving up is the seller's bookkeeping: on paper the invoice stays one to be paid.
  uncollectible: null,
};

const COPY: Mark = { text: 'COPY', color: COLORS.muted, panel: COLORS.panel };

/** What a reader must not miss, one sentence; null when the invoice is simply to be paid. */
export function statusNotice(document: InvoiceDocument): string | null {
  const on = (moment: Date | null) => (moment ? ` on ${printDate(moment, document.timeZone)}` : '');
  if (document.kind === 'credit_note') {
    return document.status === 'void' ? `This credit note was voided${on(document.voidedAt)}.` : null;
  }
  if (document.kind === 'receipt') return 'Thank you for your payment.';
  switch (document.status) {
    case 'draft':
      return 'This is a draft. It has no number, may still change and is not a request for payment.';
    case 'void':
      return `This invoice was voided${on(document.voidedAt)}. Nothing is to be paid on it.`;
    case 'paid':
      return document.total === 0n ? null : `Paid in full${on(document.paidAt)}. Thank you.`;
    case 'open':
    case 'uncollectible':
      return null;
  }
}

/** Badges in a row that ends at the right edge: the status, and COPY on a second edition. Returns whether any was drawn. */
export function drawBadges(pen: Pen, document: InvoiceDocument, y: number): boolean {
  // A receipt of a part says PAID of nothing.
  const marks = [
    document.kind === 'receipt' ? null : MARKS[document.status],
    document.edition === 'copy' ? COPY : null,
  ].filter((mark) => mark !== null);
  let right: number = PAGE.right;
  for (const mark of marks) {
    const style: TextStyle = { font: 'bold', size: 8.5, color: mark.color };
    const width = pen.measure(mark.text, style) + 18;
    pen.pdf.roundedRect(right - width, y, width, 18, 9).fill(mark.panel);
    pen.write(mark.text, { x: right - width + 9, y: y + (18 - lineHeight(style)) / 2 }, style);
    right -= width + 6;
  }
  return marks.length > 0;
}

/** A large faint word across the page of a document that must not be paid. Drawn first, so that everything is above it. */
export function drawWatermark(pen: Pen, document: InvoiceDocument): void {
  if (document.status !== 'void' && document.status !== 'draft') return;
  const mark = MARKS[document.status];
  if (!mark) return;
  const style: TextStyle = { font: 'bold', size: 150, color: mark.color };
  const [x, y] = [PAGE.width / 2, PAGE.height / 2];
  pen.pdf
    .save()
    .rotate(-35, { origin: [x, y] })
    .opacity(0.05);
  pen.write(mark.text, { x: x - pen.measure(mark.text, style) / 2, y: y - lineHeight(style) / 2 }, style);
  pen.pdf.restore();
}
