import type { MoneyCheck } from '../money-check.js';

export const balances: MoneyCheck = {
  code: 'balances',
  rule: 'A customer’s balance is the sum of its entries and never below zero, and credit notes, refunds, invoices and payments have moved it by what they say.',
  sql: `
    WITH sums AS (
      SELECT customer_id, currency, sum(amount) AS amount FROM balance_entries GROUP BY customer_id, currency)
    SELECT COALESCE(b.customer_id, s.customer_id) AS id, COALESCE(s.amount, 0) || ' ' || COALESCE(s.currency, b.currency) AS expected,
           COALESCE(b.amount::text, 'none') AS found
      FROM customer_balances b FULL JOIN sums s ON s.customer_id = b.customer_id AND s.currency = b.currency
     WHERE COALESCE(b.amount, 0) <> COALESCE(s.amount, 0) OR b.amount < 0
    UNION ALL
    SELECT n.id, CASE n.status WHEN 'void' THEN 0 ELSE n.to_balance END || ' to the balance',
           COALESCE(sum(e.amount), 0) || ' to the balance'
      FROM credit_notes n
      LEFT JOIN balance_entries e ON e.credit_note_id = n.id AND e.kind IN ('credit_note', 'credit_note_void')
     GROUP BY n.id, n.status, n.to_balance
    HAVING COALESCE(sum(e.amount), 0) <> CASE n.status WHEN 'void' THEN 0 ELSE n.to_balance END
    UNION ALL
    SELECT i.id, i.balance_applied + i.wallet_applied || ' of balance and wallets',
           COALESCE(t.taken, 0) || ' of balance and wallets'
      FROM invoices i
      LEFT JOIN (
        SELECT invoice_id, -sum(amount) AS taken
          FROM (SELECT invoice_id, amount FROM balance_entries WHERE kind IN ('invoice', 'invoice_void')
                UNION ALL
                SELECT invoice_id, amount FROM wallet_entries WHERE kind IN ('draw', 'draw_back')) moves
         GROUP BY invoice_id) t ON t.invoice_id = i.id
     WHERE i.balance_applied + i.wallet_applied <> COALESCE(t.taken, 0)
    UNION ALL
    SELECT r.id, '-' || r.amount || ' off the balance', COALESCE(e.amount::text, 'nothing')
      FROM refunds r LEFT JOIN balance_entries e ON e.source = 'refund:' || r.source
     WHERE r.source LIKE 'balance:%' AND e.amount IS DISTINCT FROM -r.amount
    UNION ALL
    SELECT p.id, p.excess || ' to the balance', COALESCE(e.amount, 0) || ' to the balance'
      FROM payments p LEFT JOIN balance_entries e ON e.source = 'payment_excess:' || p.id
     WHERE p.excess <> COALESCE(e.amount, 0)
     ORDER BY 1`,
};
