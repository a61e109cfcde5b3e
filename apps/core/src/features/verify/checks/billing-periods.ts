import type { MoneyCheck } from '../money-check.js';

export const billingPeriods: MoneyCheck = {
  code: 'billing_periods',
  rule: 'The billed periods of a subscription that nobody has paused or changed follow one another without gap and overlap, no usage is billed in two periods, each names the invoice that bills it, and the present one is billed.',
  sql: `
    WITH plain AS (
      SELECT s.* FROM subscriptions s
       WHERE s.trial_ends_at IS NULL AND NOT EXISTS (
         SELECT FROM subscription_changes c
          WHERE c.subscription_id = s.id AND c.status = 'applied'
            AND c.request->>'kind' IN ('changed', 'paused', 'resumed', 'canceled', 'reactivated'))),
    ordered AS (
      SELECT b.*, lag(period_end) OVER (PARTITION BY subscription_id, kind ORDER BY period_start) AS previous_end
        FROM billing_periods b)
    SELECT id, 'from ' || previous_end AS expected, 'from ' || period_start AS found
      FROM ordered
     WHERE kind = 'recurring' AND previous_end <> period_start AND subscription_id IN (SELECT id FROM plain)
        OR kind IN ('usage', 'final') AND previous_end > period_start
    UNION ALL
    SELECT b.id, 'an invoice of ' || b.subscription_id, COALESCE(i.subscription_id, i.id)
      FROM billing_periods b JOIN invoices i ON i.id = b.invoice_id
     WHERE i.subscription_id IS DISTINCT FROM b.subscription_id
       AND NOT EXISTS (SELECT FROM invoice_lines l
                        WHERE l.invoice_id = i.id AND l.subscription_id = b.subscription_id)
    UNION ALL
    SELECT DISTINCT b.id, 'the invoice ' || l.invoice_id, 'none'
      FROM billing_periods b
      JOIN invoice_lines l ON l.subscription_id = b.subscription_id AND l.period_start = b.period_start
       AND l.kind = 'recurring'
      JOIN prices p ON p.id = l.price_id AND p.billing = 'in_advance'
     WHERE b.invoice_id IS NULL AND b.kind = 'recurring'
    UNION ALL
    SELECT s.id, 'billed to ' || s.current_period_end, 'billed to ' || COALESCE(max(b.period_end)::text, 'nowhere')
      FROM plain s LEFT JOIN billing_periods b ON b.subscription_id = s.id AND b.kind = 'recurring'
     WHERE s.status = 'active'
     GROUP BY s.id, s.current_period_end HAVING max(b.period_end) IS DISTINCT FROM s.current_period_end
    UNION ALL
    SELECT s.id, 'billed from ' || s.current_period_start, 'not billed'
      FROM subscriptions s
     WHERE s.status = 'active' AND NOT EXISTS (
       SELECT FROM billing_periods b
        WHERE b.subscription_id = s.id AND b.kind = 'recurring'
          AND b.period_start >= s.current_period_start AND b.period_start < s.current_period_start + interval '1 second')
     ORDER BY 1`,
};
