import type { MoneyCheck } from '../money-check.js';

export const invoiceLines: MoneyCheck = {
  code: 'invoice_lines',
  rule: 'An invoice’s subtotal is the sum of its lines, and its total is the subtotal.',
  sql: `
    SELECT i.id, COALESCE(l.sum, 0)::text AS expected,
           CASE WHEN i.subtotal <> COALESCE(l.sum, 0) THEN 'subtotal ' || i.subtotal ELSE 'total ' || i.total END AS found
      FROM invoices i
      LEFT JOIN (SELECT invoice_id, sum(amount) AS sum FROM invoice_lines GROUP BY invoice_id) l ON l.invoice_id = i.id
     WHERE i.subtotal <> COALESCE(l.sum, 0) OR i.total <> i.subtotal
     ORDER BY i.id`,
};
