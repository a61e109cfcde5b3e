import type { AppliedFunds, WalletDraw } from '../../domain/balance/apply-funds.js';
import type { BalanceEntry } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { recordEvents } from '../events/record-event.js';
import { watchWallets } from '../wallets/watch-wallets.js';
import { balanceEvent } from './balance-event.js';
import type { Funds } from './lock-funds.js';

/** What an invoice has taken, and what was left after each step. */
export interface Settled {
  readonly invoiceId: string;
  readonly customerId: string;
  readonly currency: string;
  readonly applied: AppliedFunds;
  readonly draws: readonly (WalletDraw & { readonly balanceAfter: bigint })[];
  readonly balanceAfter: bigint;
}

/** Writes what invoices have taken of funds that the transaction holds: a statement a table. */
export async function saveSettlements(
  ctx: TenantContext,
  tx: TenantTransaction,
  { funds, settled }: { funds: Funds; settled: readonly Settled[] },
): Promise<void> {
  await saveBalances(ctx, tx, settled);
  const drawn = new Set(settled.flatMap(({ draws }) => draws.map(({ walletId }) => walletId)));
  if (drawn.size === 0) return;
  await saveDraws(ctx, tx, settled);
  const wallets = funds.wallets.filter(({ id }) => drawn.has(id));
  const now = ctx.clock.now();
  const rows = wallets.map(({ id, balance }) => ({ id, balance: balance.toString() }));
  await tx.db.$executeRaw`
    UPDATE wallets w SET balance = x.balance, version = w.version + 1, updated_at = ${now}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS x (id text, balance bigint)
    WHERE w.id = x.id`;
  const grants = wallets.flatMap((wallet) =>
    wallet.grants.map(({ id, remaining }) => ({ id, remaining: remaining.toString() })),
  );
  await tx.db.$executeRaw`
    UPDATE wallet_grants g SET remaining = x.remaining, updated_at = ${now},
      status = CASE WHEN x.remaining = 0 THEN 'used_up' ELSE g.status END
    FROM jsonb_to_recordset(${JSON.stringify(grants)}::jsonb) AS x (id text, remaining bigint)
    WHERE g.id = x.id AND g.remaining <> x.remaining`;
  await watchWallets(ctx, tx, wallets);
}

async function saveBalances(
  ctx: TenantContext,
  tx: TenantTransaction,
  settled: readonly Settled[],
): Promise<void> {
  const now = ctx.clock.now();
  const entries = settled
    .filter(({ applied }) => applied.balanceApplied > 0n)
    .map((one) => entryOf(one, now));
  if (entries.length === 0) return;
  const rows = entries.map((entry) => ({
    ...entry,
    amount: entry.amount.toString(),
    balanceAfter: entry.balanceAfter.toString(),
  }));
  const json = JSON.stringify(rows);
  await tx.db.$executeRaw`
    INSERT INTO balance_entries (id, customer_id, currency, kind, amount, balance_after, invoice_id, source, created_at)
    SELECT id, "customerId", currency, kind, amount, "balanceAfter", "invoiceId", source, ${now}
    FROM jsonb_to_recordset(${json}::jsonb) AS x (id text, "customerId" text, currency text, kind text, amount bigint,
      "balanceAfter" bigint, "invoiceId" text, source text)`;
  await tx.db.$executeRaw`
    UPDATE customer_balances b SET amount = b.amount + x.amount, updated_at = ${now}
    FROM (SELECT "customerId" AS customer_id, currency, sum(amount) AS amount
          FROM jsonb_to_recordset(${json}::jsonb) AS entry ("customerId" text, currency text, amount bigint)
          GROUP BY "customerId", currency) x
    WHERE b.customer_id = x.customer_id AND b.currency = x.currency`;
  await recordEvents(tx, ctx, entries.map(balanceEvent));
}

/** What an invoice took of its customer's balance. */
function entryOf(
  { invoiceId, customerId, currency, applied, balanceAfter }: Settled,
  createdAt: Date,
): BalanceEntry {
  return {
    id: newId('bal'),
    customerId,
    currency,
    kind: 'invoice',
    amount: -applied.balanceApplied,
    balanceAfter,
    invoiceId,
    creditNoteId: null,
    note: null,
    source: `invoice:${invoiceId}`,
    createdAt,
  };
}

async function saveDraws(
  ctx: TenantContext,
  tx: TenantTransaction,
  settled: readonly Settled[],
): Promise<void> {
  const entries = settled.flatMap(({ invoiceId, draws }) =>
    draws.map(({ walletId, grantId, amount, balanceAfter }) => ({
      id: newId('wen'),
      wallet_id: walletId,
      grant_id: grantId,
      amount: (-amount).toString(),
      balance_after: balanceAfter.toString(),
      invoice_id: invoiceId,
    })),
  );
  await tx.db.$executeRaw`
    INSERT INTO wallet_entries (id, wallet_id, grant_id, kind, amount, balance_after, invoice_id, source, created_at)
    SELECT id, wallet_id, grant_id, 'draw', amount, balance_after, invoice_id,
      'invoice:' || invoice_id || ':' || grant_id, ${ctx.clock.now()}
    FROM jsonb_to_recordset(${JSON.stringify(entries)}::jsonb) AS x (id text, wallet_id text, grant_id text,
      amount bigint, balance_after bigint, invoice_id text)`;
}
