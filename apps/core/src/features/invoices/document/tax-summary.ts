import { formatMoney } from '../../../domain/money/money.js';
import type { DocumentTax, InvoiceDocument } from './invoice-document.js';
import type { DrawnBlock } from './line-table.js';
import { lineHeight, PAGE, type Pen, STYLES } from './pen.js';
import { taxLabel } from './tax-label.js';

const ROW_HEIGHT = 14;
const SPACE_ABOVE = 12;
const WIDTH = 330;

/** The taxes by rate with what each is taken of. Nothing to say where no tax is charged and none is waived. */
export function taxSummary(pen: Pen, document: InvoiceDocument): DrawnBlock[] {
  const rows = document.taxes.filter(({ reason }) => reason !== 'not_registered');
  if (rows.length === 0) return [];
  const money = (amount: bigint) => formatMoney(amount, document.currency);
  const heads = [
    { text: 'Tax', x: PAGE.left, align: 'left' },
    { text: 'Taken of', x: PAGE.left + WIDTH - 110, align: 'right' },
    { text: 'Amount', x: PAGE.left + WIDTH, align: 'right' },
  ] as const;
  return [
    {
      height: SPACE_ABOVE + (rows.length + 1) * ROW_HEIGHT + 4,
      section: 'notes',
      keepWithNext: false,
      draw(top) {
        let y = top + SPACE_ABOVE;
        for (const { text, x, align } of heads) pen.write(text, { x, y, align }, STYLES.columnHead);
        pen.rule(y + lineHeight(STYLES.columnHead) + 1, PAGE.left, PAGE.left + WIDTH);
        for (const tax of rows) {
          y += ROW_HEIGHT;
          pen.write(nameOf(tax), { x: PAGE.left, y }, STYLES.label);
          const label = { ...STYLES.label, tabular: true } as const;
          pen.write(money(tax.base), { x: PAGE.left + WIDTH - 110, y, align: 'right' }, label);
          pen.write(money(tax.amount), { x: PAGE.left + WIDTH, y, align: 'right' }, label);
        }
      },
    },
  ];
}

function nameOf(tax: DocumentTax): string {
  return tax.reason === null ? taxLabel(tax) : tax.name;
}
