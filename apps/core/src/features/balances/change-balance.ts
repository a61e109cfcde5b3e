import type { BalanceEntry } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { recordEvent } from '../events/record-event.js';
import { amountTooLarge } from '../invoices/invoices.errors.js';
import type { BalanceEntryKind } from './balance-entry-kinds.js';
import { balanceEvent } from './balance-event.js';
import { balanceTooLow } from './balances.errors.js';

/** What the wire can tell as a JSON integer. */
const MOST = BigInt(Number.MAX_SAFE_INTEGER);

export interface BalanceChange {
  readonly customerId: string;
  readonly currency: string;
  readonly kind: BalanceEntryKind;
  /** Minor units, not zero; positive in the customer's favour. */
  readonly amount: bigint;
  /** What makes it: unique, so that nothing is counted twice. */
  readonly source: string;
  readonly invoiceId?: string;
  readonly creditNoteId?: string;
  readonly note?: string | null;
}

/**
 * Moves a customer's balance, writes why and tells it by an event. The balance's row stays locked until the transaction
 * ends, so that any number of changes at once add up.
 * @throws balanceTooLow when it would fall below zero, amountTooLarge
 */
export async function changeBalance(
  ctx: TenantContext,
  tx: TenantTransaction,
  change: BalanceChange,
): Promise<BalanceEntry> {
  const { customerId, currency, amount } = change;
  const now = ctx.clock.now();
  const rows =
    amount > 0n
      ? await tx.db.$queryRaw<{ amount: bigint }[]>`
          INSERT INTO customer_balances AS b (customer_id, currency, amount, updated_at)
          VALUES (${customerId}, ${currency}, ${amount}, ${now})
          ON CONFLICT (customer_id, currency)
          DO UPDATE SET amount = b.amount + excluded.amount, updated_at = excluded.updated_at
          RETURNING b.amount`
      : await tx.db.$queryRaw<{ amount: bigint }[]>`
          UPDATE customer_balances SET amount = amount + ${amount}, updated_at = ${now}
          WHERE customer_id = ${customerId} AND currency = ${currency} AND amount + ${amount} >= 0
          RETURNING amount`;
  const [after] = rows;
  if (after && after.amount > MOST) throw amountTooLarge('The balance would be more than can be told.');
  if (!after) throw balanceTooLow(`The customer has less than ${-amount} ${currency} on its balance.`);
  const entry = await tx.db.balanceEntry.create({
    data: {
      id: newId('bal'),
      customerId,
      currency,
      kind: change.kind,
      amount,
      balanceAfter: after.amount,
      invoiceId: change.invoiceId ?? null,
      creditNoteId: change.creditNoteId ?? null,
      note: change.note ?? null,
      source: change.source,
      createdAt: now,
    },
  });
  await recordEvent(tx, ctx, balanceEvent(entry));
  return entry;
}

/** What a customer has in a currency; its row, if there is one, stays locked until the transaction ends. */
export async function lockBalance(
  tx: TenantTransaction,
  customerId: string,
  currency: string,
): Promise<bigint> {
  const [row] = await tx.db.$queryRaw<{ amount: bigint }[]>`
    SELECT amount FROM customer_balances WHERE customer_id = ${customerId} AND currency = ${currency} FOR UPDATE`;
  return row?.amount ?? 0n;
}
