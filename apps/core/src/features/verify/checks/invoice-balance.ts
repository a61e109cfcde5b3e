import type { MoneyCheck } from '../money-check.js';

export const invoiceBalance: MoneyCheck = {
  code: 'invoice_balance',
  rule: 'What is due is the total less what was paid; nothing is due on paid and void invoices, and something on open ones.',
  sql: `
    SELECT id, CASE status WHEN 'void' THEN '0' ELSE (total - amount_paid)::text END AS expected,
           amount_due || ' due, ' || status AS found
      FROM invoices
     WHERE amount_due <> CASE status WHEN 'void' THEN 0 ELSE total - amount_paid END
        OR (status = 'open' AND amount_due <= 0)
        OR (status = 'paid' AND (amount_due <> 0 OR paid_at IS NULL))
        OR (status = 'void' AND amount_paid <> 0)
     ORDER BY id`,
};
