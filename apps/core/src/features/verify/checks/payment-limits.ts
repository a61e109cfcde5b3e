import type { MoneyCheck } from '../money-check.js';
import { SETTLING_PAYMENTS } from '../settling-payments.js';

export const paymentLimits: MoneyCheck = {
  code: 'payment_limits',
  rule: 'A payment is in its invoice’s currency and of its customer, at most one of an invoice is in flight, and together they pay no more than its total.',
  sql: `
    SELECT p.id, i.currency || ' of ' || i.customer_id AS expected, p.currency || ' of ' || p.customer_id AS found
      FROM payments p JOIN invoices i ON i.id = p.invoice_id
     WHERE p.currency <> i.currency OR p.customer_id <> i.customer_id
    UNION ALL
    SELECT invoice_id, 'one in flight at most', count(*)::text
      FROM payments WHERE status IN ('created', 'pending') GROUP BY invoice_id HAVING count(*) > 1
    UNION ALL
    SELECT i.id, 'at most ' || i.total, sum(p.amount - p.excess)::text
      FROM ${SETTLING_PAYMENTS} p JOIN invoices i ON i.id = p.invoice_id
     GROUP BY i.id, i.total HAVING sum(p.amount - p.excess) > i.total
     ORDER BY 1`,
};
