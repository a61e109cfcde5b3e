import type { MoneyCheck } from '../money-check.js';

/** The sandbox keeps its side of a payment in the same database, so that both can be laid side by side. */
export const sandboxCharges: MoneyCheck = {
  code: 'sandbox_charges',
  rule: 'What the sandbox took is what the payment was for, and a payment that succeeded there was taken there.',
  sql: `
    SELECT p.id, p.amount || ' ' || p.currency || ' succeeded' AS expected,
           COALESCE(c.amount || ' ' || c.currency || ' ' || c.status, 'no charge') AS found
      FROM payments p LEFT JOIN sandbox_charges c ON c.reference = p.reference
     WHERE p.provider = 'sandbox' AND p.status = 'succeeded'
       AND (c.amount, c.currency, c.status) IS DISTINCT FROM (p.amount, p.currency, 'succeeded')
    UNION ALL
    SELECT c.reference, 'a payment', 'none'
      FROM sandbox_charges c
     WHERE c.status = 'succeeded' AND NOT EXISTS (SELECT FROM payments p WHERE p.reference = c.reference)
     ORDER BY 1`,
};
