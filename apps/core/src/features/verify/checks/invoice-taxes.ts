import type { MoneyCheck } from '../money-check.js';

export const invoiceTaxes: MoneyCheck = {
  code: 'invoice_taxes',
  rule: 'The taxes that an invoice prints by rate add up to its tax and are the sums of its lines’ shares; a line’s shares are its tax.',
  sql: `
    WITH rows AS (
      SELECT i.id, r->>'code' AS code, r->>'rate' AS rate, sum((r->>'amount')::bigint) AS amount
        FROM invoices i CROSS JOIN LATERAL jsonb_array_elements(i.taxes) r GROUP BY 1, 2, 3),
    shares AS (
      SELECT l.id AS line_id, l.invoice_id AS id, s->>'code' AS code, s->>'rate' AS rate, (s->>'amount')::bigint AS amount
        FROM invoice_lines l CROSS JOIN LATERAL jsonb_array_elements(l.taxes) s),
    of_lines AS (SELECT id, code, rate, sum(amount) AS amount FROM shares GROUP BY 1, 2, 3)
    SELECT i.id, 'tax ' || i.tax_total AS expected, COALESCE(sum(r.amount), 0) || ' by rate' AS found
      FROM invoices i LEFT JOIN rows r ON r.id = i.id
     GROUP BY i.id, i.tax_total HAVING i.tax_total <> COALESCE(sum(r.amount), 0)
    UNION ALL
    SELECT COALESCE(r.id, o.id), concat_ws(' ', COALESCE(r.code, o.code), COALESCE(r.rate, o.rate), COALESCE(r.amount, 0)),
           COALESCE(o.amount, 0) || ' of lines'
      FROM rows r FULL JOIN of_lines o ON o.id = r.id AND o.code = r.code AND o.rate = r.rate
     WHERE COALESCE(r.amount, 0) <> COALESCE(o.amount, 0)
    UNION ALL
    SELECT l.id, 'tax ' || l.tax_amount, COALESCE(sum(s.amount), 0) || ' of shares'
      FROM invoice_lines l LEFT JOIN shares s ON s.line_id = l.id
     GROUP BY l.id, l.tax_amount HAVING l.tax_amount <> COALESCE(sum(s.amount), 0)
     ORDER BY 1`,
};
