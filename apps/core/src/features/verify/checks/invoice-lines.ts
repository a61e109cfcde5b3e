import type { MoneyCheck } from '../money-check.js';

/**
 * Lines from before there were taxes have no net amount: theirs is the amount less the discount. Where a price contains
 * its tax, the amount is what net and tax together come to.
 */
export const invoiceLines: MoneyCheck = {
  code: 'invoice_lines',
  rule: 'A line is its amount less its discount, split into net and tax; an invoice’s subtotal, discounts, tax and total are the sums of its lines.',
  sql: `
    WITH lines AS (
      SELECT *, COALESCE(net_amount, amount - discount_amount) AS net FROM invoice_lines),
    sums AS (
      SELECT i.*, COALESCE(l.subtotal, 0) AS lines_subtotal, COALESCE(l.discount, 0) AS lines_discount,
             COALESCE(l.tax, 0) AS lines_tax, COALESCE(l.total, 0) AS lines_total
        FROM invoices i
        LEFT JOIN (SELECT invoice_id, sum(amount) AS subtotal, sum(discount_amount) AS discount, sum(tax_amount) AS tax,
                          sum(net + tax_amount) AS total
                     FROM lines GROUP BY invoice_id) l ON l.invoice_id = i.id)
    SELECT id, (amount - discount_amount)::text AS expected,
           net || CASE tax_behavior WHEN 'inclusive' THEN ' with tax ' || tax_amount ELSE ' net' END AS found
      FROM lines
     WHERE amount - discount_amount <> net + CASE tax_behavior WHEN 'inclusive' THEN tax_amount ELSE 0 END
    UNION ALL
    SELECT id, concat_ws(', ', lines_subtotal, 'discounts ' || lines_discount, 'tax ' || lines_tax, 'total ' || lines_total),
           concat_ws(', ', subtotal, 'discounts ' || discount_total, 'tax ' || tax_total, 'total ' || total)
      FROM sums
     WHERE (subtotal, discount_total, tax_total, total) IS DISTINCT FROM
           (lines_subtotal, lines_discount, lines_tax, lines_total)
     ORDER BY 1`,
};
