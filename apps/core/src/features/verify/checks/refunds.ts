import type { MoneyCheck } from '../money-check.js';

export const refunds: MoneyCheck = {
  code: 'refunds',
  rule: 'No more goes back of a payment, or of money that was parked, than came, a credit note sends back what it says, and the sandbox gave back what we took for given back.',
  sql: `
    SELECT p.id, 'at most ' || p.amount || ' ' || p.currency || ' back' AS expected,
           sum(r.amount) || ' ' || min(r.currency) AS found
      FROM refunds r JOIN payments p ON p.id = r.payment_id
     WHERE r.status <> 'failed'
     GROUP BY p.id HAVING sum(r.amount) > p.amount OR p.status <> 'succeeded' OR bool_or(r.currency <> p.currency)
    UNION ALL
    SELECT u.id, 'at most ' || u.amount || ' ' || u.currency || ' back, returned', sum(r.amount) || ' ' || min(r.currency) || ', ' || u.status
      FROM refunds r JOIN unmatched_payments u ON u.id = r.unmatched_payment_id
     WHERE r.status <> 'failed'
     GROUP BY u.id HAVING sum(r.amount) > u.amount OR u.status <> 'returned' OR bool_or(r.currency <> u.currency)
    UNION ALL
    SELECT n.id, n.to_refund || ' to refund', COALESCE(sum(r.amount), 0) || ' in refunds'
      FROM credit_notes n LEFT JOIN refunds r ON r.credit_note_id = n.id AND r.source NOT LIKE 'retry:%'
     GROUP BY n.id HAVING n.to_refund <> COALESCE(sum(r.amount), 0)
    UNION ALL
    SELECT n.id, 'at most ' || n.to_refund || ' back', sum(r.amount)::text
      FROM credit_notes n JOIN refunds r ON r.credit_note_id = n.id AND r.status <> 'failed'
     GROUP BY n.id HAVING sum(r.amount) > n.to_refund
    UNION ALL
    SELECT r.id, r.amount || ' ' || r.currency || ' given back', COALESCE(s.amount || ' ' || s.currency || ' ' || s.status, 'nothing')
      FROM refunds r LEFT JOIN sandbox_refunds s ON s.reference = r.reference
     WHERE r.provider = 'sandbox' AND r.status = 'succeeded'
       AND (s.amount, s.currency, s.status) IS DISTINCT FROM (r.amount, r.currency, 'succeeded')
     ORDER BY 1`,
};
