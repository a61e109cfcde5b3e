import type { MoneyCheck } from '../money-check.js';

export const invoiceDiscounts: MoneyCheck = {
  code: 'invoice_discounts',
  rule: 'What the discounts of an invoice took off adds up to its discounts, and no discount has given more than it had.',
  sql: `
    SELECT i.id, i.discount_total::text AS expected, COALESCE(d.sum, 0) || ' taken' AS found
      FROM invoices i
      LEFT JOIN (SELECT invoice_id, sum(amount) AS sum FROM invoice_discounts GROUP BY invoice_id) d
        ON d.invoice_id = i.id
     WHERE i.discount_total <> COALESCE(d.sum, 0)
    UNION ALL
    SELECT d.id, c.amount_off || ' in all', used.sum || ' used, ' || d.amount_left || ' left'
      FROM discounts d JOIN coupons c ON c.id = d.coupon_id
      CROSS JOIN LATERAL (
        SELECT COALESCE(sum(u.amount), 0) AS sum FROM invoice_discounts u JOIN invoices i ON i.id = u.invoice_id
         WHERE u.discount_id = d.id AND i.status NOT IN ('draft', 'void')) used
     WHERE d.amount_left IS NOT NULL AND d.amount_left + used.sum <> c.amount_off
     ORDER BY 1`,
};
