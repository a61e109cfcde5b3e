import type { Subscription } from '@nova/prisma-tenant';

import { notServedYet } from '../../tenancy/migrator/schema-behind.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';

/** Which subscriptions to claim: of all that are due the longest overdue, or these. */
export type ClaimOf = { readonly most: number } | { readonly ids: readonly string[] };

/** What a transaction holds of what is due. */
export interface ClaimedDue {
  readonly due: readonly Subscription[];
  /** Those of the customers who want one invoice for all that is due at a moment. */
  readonly together: ReadonlySet<string>;
}

interface DueRow {
  readonly id: string;
  readonly customer_id: string;
  readonly together: boolean;
}

/**
 * Takes the rows of subscriptions that are due, the longest overdue first, and of their customers until the transaction
 * ends (`lockAccounts`). Those of customers whom another transaction holds are left for the next time. With a
 * subscription of a customer who wants one invoice for all come the others that are due.
 */
export async function claimDue(
  ctx: TenantContext,
  tx: TenantTransaction,
  claim: ClaimOf,
): Promise<ClaimedDue> {
  const now = ctx.clock.now();
  const rows =
    'most' in claim
      ? await tx.db.$queryRaw<DueRow[]>`
          SELECT s.id, s.customer_id, c.invoicing = 'together' AS together
          FROM subscriptions s JOIN customers c ON c.id = s.customer_id
          WHERE s.next_billing_at <= ${now}
          ORDER BY s.next_billing_at, s.id LIMIT ${claim.most} FOR NO KEY UPDATE OF c, s SKIP LOCKED`
      : await tx.db.$queryRaw<DueRow[]>`
          SELECT s.id, s.customer_id, c.invoicing = 'together' AS together
          FROM subscriptions s JOIN customers c ON c.id = s.customer_id
          WHERE s.id = ANY(${[...claim.ids]}) AND s.next_billing_at <= ${now}
          ORDER BY s.next_billing_at, s.id FOR NO KEY UPDATE OF c, s SKIP LOCKED`;
  if (rows.length === 0) return { due: [], together: new Set() };
  const held = rows.map(({ id }) => id);
  const together = new Set(rows.filter((row) => row.together).map(({ customer_id }) => customer_id));
  const others = await claimOthers(tx, { held, together: [...together], now });
  const due: Subscription[] = await tx.db.subscription.findMany({
    where: { id: { in: [...held, ...others] } },
    orderBy: [{ nextBillingAt: 'asc' }, { id: 'asc' }],
  });
  refuseHalfRead(due);
  return { due, together };
}

/** Takes what else is due of customers who want one invoice, whom this transaction holds. */
async function claimOthers(
  tx: TenantTransaction,
  { held, together, now }: { held: readonly string[]; together: readonly string[]; now: Date },
): Promise<string[]> {
  if (together.length === 0) return [];
  const rows = await tx.db.$queryRaw<{ id: string }[]>`
    SELECT id FROM subscriptions
    WHERE next_billing_at <= ${now} AND id <> ALL(${held}) AND customer_id = ANY(${together})
    ORDER BY id FOR NO KEY UPDATE`;
  return rows.map(({ id }) => id);
}

/**
 * A client of a database that lacks the newest columns reads around them. What is billed depends on them, so billing
 * waits for the migration.
 * @throws tenantSchemaBehind
 */
function refuseHalfRead([first]: readonly Subscription[]): void {
  const read: Partial<Subscription> = first ?? {};
  if (first && read.trialEndsAt === undefined) {
    throw notServedYet(new Error('The columns of subscriptions that billing goes by are not there.'));
  }
}
