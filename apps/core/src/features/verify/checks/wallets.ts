import type { MoneyCheck } from '../money-check.js';

export const wallets: MoneyCheck = {
  code: 'wallets',
  rule: 'A wallet is the sum of what is left of its top-ups and of its entries; a paid top-up is there when its invoice is paid, and not before.',
  sql: `
    SELECT w.id, COALESCE(g.remaining, 0) || ' left, entries ' || COALESCE(e.amount, 0) AS expected, w.balance::text AS found
      FROM wallets w
      LEFT JOIN (SELECT wallet_id, sum(remaining) AS remaining FROM wallet_grants GROUP BY wallet_id) g ON g.wallet_id = w.id
      LEFT JOIN (SELECT wallet_id, sum(amount) AS amount FROM wallet_entries GROUP BY wallet_id) e ON e.wallet_id = w.id
     WHERE w.balance <> COALESCE(g.remaining, 0) OR w.balance <> COALESCE(e.amount, 0)
        OR (w.status = 'closed' AND w.balance <> 0)
    UNION ALL
    SELECT g.id, COALESCE(sum(e.amount), 0) || ' left', g.remaining || ' left, ' || g.status
      FROM wallet_grants g LEFT JOIN wallet_entries e ON e.grant_id = g.id
     GROUP BY g.id
    HAVING g.remaining <> COALESCE(sum(e.amount), 0) OR (g.remaining > 0) <> (g.status = 'active')
    UNION ALL
    SELECT g.id, CASE i.status WHEN 'paid' THEN 'there' WHEN 'void' THEN 'canceled' ELSE 'pending' END, g.status
      FROM wallet_grants g JOIN invoices i ON i.id = g.invoice_id
     WHERE (i.status = 'paid') <> EXISTS (SELECT FROM wallet_entries e WHERE e.grant_id = g.id AND e.kind = 'grant')
        OR (i.status = 'void' AND g.status <> 'canceled')
     ORDER BY 1`,
};
