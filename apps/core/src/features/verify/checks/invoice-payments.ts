import type { MoneyCheck } from '../money-check.js';
import { SETTLING_PAYMENTS } from '../settling-payments.js';

export const invoicePayments: MoneyCheck = {
  code: 'invoice_payments',
  rule: 'What an invoice says was paid is the sum of the payments that it has taken, less what of them went to the balance.',
  sql: `
    SELECT i.id, COALESCE(p.sum, 0)::text AS expected, i.amount_paid::text AS found
      FROM invoices i
      LEFT JOIN (SELECT invoice_id, sum(amount - excess) AS sum FROM ${SETTLING_PAYMENTS} s GROUP BY invoice_id) p
        ON p.invoice_id = i.id
     WHERE i.amount_paid <> COALESCE(p.sum, 0)
     ORDER BY i.id`,
};
