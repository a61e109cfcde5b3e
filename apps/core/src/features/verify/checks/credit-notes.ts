import type { MoneyCheck } from '../money-check.js';

/** Notes that were voided keep their lines, and count for nothing on their invoice. */
export const creditNotes: MoneyCheck = {
  code: 'credit_notes',
  rule: 'A credit note is the sum of its lines and goes where it says; no more is credited of an invoice or of one of its lines than there was, and the invoice has what was taken off it.',
  sql: `
    WITH sums AS (
      SELECT credit_note_id, sum(amount) AS subtotal, sum(discount_amount) AS discount, sum(tax_amount) AS tax,
             sum(net_amount + tax_amount) AS total
        FROM credit_note_lines GROUP BY credit_note_id),
    standing AS (SELECT * FROM credit_notes WHERE status = 'issued')
    SELECT n.id, concat_ws(', ', s.subtotal, 'discounts ' || s.discount, 'tax ' || s.tax, 'total ' || s.total) AS expected,
           concat_ws(', ', n.subtotal, 'discounts ' || n.discount_total, 'tax ' || n.tax_total, 'total ' || n.total) AS found
      FROM credit_notes n LEFT JOIN sums s ON s.credit_note_id = n.id
     WHERE (n.subtotal, n.discount_total, n.tax_total, n.total) IS DISTINCT FROM (s.subtotal, s.discount, s.tax, s.total)
    UNION ALL
    SELECT id, 'total ' || total, concat_ws(' + ', to_invoice, to_balance, to_refund)
      FROM credit_notes WHERE to_invoice + to_balance + to_refund <> total
    UNION ALL
    SELECT n.id, i.currency || ' of ' || i.customer_id, n.currency || ' of ' || n.customer_id
      FROM credit_notes n JOIN invoices i ON i.id = n.invoice_id
     WHERE n.currency <> i.currency OR n.customer_id <> i.customer_id
    UNION ALL
    SELECT l.id, 'a line of ' || n.invoice_id, 'a line of ' || o.invoice_id
      FROM credit_note_lines l JOIN credit_notes n ON n.id = l.credit_note_id
      JOIN invoice_lines o ON o.id = l.invoice_line_id
     WHERE o.invoice_id <> n.invoice_id
    UNION ALL
    SELECT i.id, 'at most ' || i.total || ' credited', sum(n.total)::text
      FROM standing n JOIN invoices i ON i.id = n.invoice_id
     GROUP BY i.id, i.total HAVING sum(n.total) > i.total
    UNION ALL
    SELECT o.id, 'at most ' || o.amount || ', tax ' || o.tax_amount, sum(l.amount) || ', tax ' || sum(l.tax_amount)
      FROM credit_note_lines l JOIN standing n ON n.id = l.credit_note_id
      JOIN invoice_lines o ON o.id = l.invoice_line_id
     GROUP BY o.id, o.amount, o.tax_amount
    HAVING abs(sum(l.amount)) > abs(o.amount) OR abs(sum(l.tax_amount)) > abs(o.tax_amount)
    UNION ALL
    SELECT i.id, COALESCE(sum(n.to_invoice), 0) || ' taken off', i.amount_credited || ' taken off'
      FROM invoices i LEFT JOIN standing n ON n.invoice_id = i.id
     GROUP BY i.id HAVING i.amount_credited <> COALESCE(sum(n.to_invoice), 0)
     ORDER BY 1`,
};

export const creditNoteNumbers: MoneyCheck = {
  code: 'credit_note_numbers',
  rule: 'The numbers of credit notes have no gap and no duplicate, and their series goes on after the last.',
  sql: `
    WITH numbered AS (
      SELECT id, series, sequence, lag(sequence, 1, 0::bigint) OVER (PARTITION BY series ORDER BY sequence, id) AS previous
        FROM credit_notes)
    SELECT id, series || ' ' || (previous + 1) AS expected, series || ' ' || sequence AS found
      FROM numbered WHERE sequence <> previous + 1
    UNION ALL
    SELECT n.series, 'next ' || (max(n.sequence) + 1), 'next ' || COALESCE(s.next::text, 'none')
      FROM credit_notes n LEFT JOIN number_series s ON s.series = n.series
     GROUP BY n.series, s.next HAVING s.next IS DISTINCT FROM max(n.sequence) + 1
     ORDER BY 1`,
};
