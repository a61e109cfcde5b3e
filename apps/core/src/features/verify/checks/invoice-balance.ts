import type { MoneyCheck } from '../money-check.js';

export const invoiceBalance: MoneyCheck = {
  code: 'invoice_balance',
  rule: 'What is due is the total less what was paid, settled from balance and wallets, and credited; nothing is due on paid and void invoices, and something on open and uncollectible ones.',
  sql: `
    WITH owed AS (
      SELECT *, CASE status WHEN 'void' THEN 0
                ELSE total - amount_paid - balance_applied - wallet_applied - amount_credited END AS owed
        FROM invoices)
    SELECT id, owed::text AS expected, amount_due || ' due, ' || status AS found
      FROM owed
     WHERE amount_due <> owed
        OR (status IN ('open', 'uncollectible') AND amount_due <= 0)
        OR (status = 'paid' AND (amount_due <> 0 OR paid_at IS NULL))
        OR (status = 'draft' AND amount_due <> total)
        OR (status = 'void' AND (amount_paid <> 0 OR balance_applied <> 0 OR wallet_applied <> 0))
     ORDER BY id`,
};
