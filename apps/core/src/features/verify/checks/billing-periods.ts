import type { MoneyCheck } from '../money-check.js';

export const billingPeriods: MoneyCheck = {
  code: 'billing_periods',
  rule: 'The billed periods of a subscription follow one another without gap and overlap, each has its invoice, and the last is the subscription’s own.',
  sql: `
    WITH ordered AS (
      SELECT b.*, lag(period_end) OVER (PARTITION BY subscription_id, kind ORDER BY period_start) AS previous_end
        FROM billing_periods b)
    SELECT id, 'from ' || previous_end AS expected, 'from ' || period_start AS found
      FROM ordered WHERE previous_end <> period_start
    UNION ALL
    SELECT b.id, 'an invoice of ' || b.subscription_id, COALESCE(i.subscription_id, 'none')
      FROM billing_periods b LEFT JOIN invoices i ON i.id = b.invoice_id
     WHERE i.subscription_id IS DISTINCT FROM b.subscription_id
    UNION ALL
    SELECT s.id, 'billed to ' || s.current_period_end, 'billed to ' || COALESCE(max(b.period_end)::text, 'nowhere')
      FROM subscriptions s LEFT JOIN billing_periods b ON b.subscription_id = s.id AND b.kind = 'recurring'
     WHERE s.status = 'active'
     GROUP BY s.id, s.current_period_end HAVING max(b.period_end) IS DISTINCT FROM s.current_period_end
     ORDER BY 1`,
};
