import type { MoneyCheck } from '../money-check.js';

/**
 * A series has sequences 1..n, each once, and would give n + 1 next. Gaps are told by the number before them. Credit
 * notes have a series of their own in the same table.
 */
export const invoiceNumbers: MoneyCheck = {
  code: 'invoice_numbers',
  rule: 'The numbers of a series have no gap and no duplicate, and the series goes on after the last.',
  sql: `
    WITH numbered AS (
      SELECT id, series, sequence, lag(sequence, 1, 0::bigint) OVER (PARTITION BY series ORDER BY sequence, id) AS previous
        FROM invoices WHERE sequence IS NOT NULL)
    SELECT id, series || ' ' || (previous + 1) AS expected, series || ' ' || sequence AS found
      FROM numbered WHERE sequence <> previous + 1
    UNION ALL
    SELECT s.series, 'next ' || (COALESCE(max(i.sequence), 0) + 1), 'next ' || s.next
      FROM number_series s LEFT JOIN invoices i ON i.series = s.series
     WHERE NOT EXISTS (SELECT FROM credit_notes n WHERE n.series = s.series)
     GROUP BY s.series, s.next HAVING s.next <> COALESCE(max(i.sequence), 0) + 1
    UNION ALL
    SELECT i.id, 'a series ' || i.series, 'none' FROM invoices i
     WHERE i.series IS NOT NULL AND NOT EXISTS (SELECT FROM number_series s WHERE s.series = i.series)
    UNION ALL
    SELECT id, CASE status WHEN 'draft' THEN 'no number' ELSE 'a number' END, COALESCE(number, 'none') || ', ' || status
      FROM invoices WHERE (status = 'draft') <> (number IS NULL)
     ORDER BY 1`,
};
