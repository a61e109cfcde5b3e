import type { TenantReader } from '../../tenancy/tenant-context.js';

/**
 * Takes customers' rows until the transaction ends, and with each all that is the customer's: subscriptions, notes of
 * late usage, invoices, credit notes, discounts, balances and wallets. Whoever bills, credits, settles or changes any of
 * them takes it before it reads what it goes by, so that nobody counts usage, or reads a balance, that another is about
 * to change.
 *
 * This is the one order in which transactions of a tenant take rows that others wait for. Nobody who keeps it can be
 * locked out by another who does:
 * 1. customers, by id: all that the transaction is going to need, at once. Runs over many pass over those they cannot have;
 * 2. plans, and then coupons;
 * 3. what is a customer's, in any order, for it is taken under the customer's row alone;
 * 4. notes of late usage, by customer and event name: who brings events takes them without a customer;
 * 5. the number series, credit notes before invoices, as late as can be.
 */
export async function lockAccounts(db: TenantReader, customerIds: readonly string[]): Promise<void> {
  const wanted = [...new Set(customerIds)];
  if (wanted.length === 0) return;
  // Not FOR UPDATE: events, payment methods and whatever else only refers to a customer need not wait.
  await db.$queryRaw`SELECT id FROM customers WHERE id = ANY(${wanted}) ORDER BY id FOR NO KEY UPDATE`;
}
