import type { Customer, Wallet, WalletGrant } from '@nova/prisma-tenant';

import { Decimal } from '../../domain/money/decimal.js';
import { invalidRequest } from '../../platform/errors/common-errors.js';
import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { PLAIN_CHARGE } from '../billing/charge.js';
import type { InvoicePlan } from '../billing/invoice-plan.js';
import { PREPAYMENT_CATEGORY } from '../billing/load-taxes.js';
import { LINE_ROUNDING } from '../billing/rate-line.js';
import { writeInvoices } from '../billing/write-invoices.js';
import { defaultNetTermsDays } from '../invoices/net-terms.js';
import { activateGrant } from './activate-top-up.js';
import { lockWallet } from './move-wallet.js';
import { walletClosed } from './wallets.errors.js';
import type { TopUpWallet } from './wallets.schemas.js';

/**
 * Tops a wallet up. A free top-up is there at once; a paid one makes an invoice, and is there when that is paid.
 * @throws notFound, walletClosed, invalidRequest
 */
export async function topUpWallet(
  ctx: TenantContext,
  idOrExternalId: string,
  input: TopUpWallet,
): Promise<WalletGrant> {
  const expiresAt = readExpiry(ctx, input.expiresAt ?? null);
  return ctx.transaction(async (tx) => {
    const wallet = await lockWallet(tx.db, idOrExternalId);
    if (wallet.status !== 'active') throw walletClosed(`Wallet ${wallet.id} is closed.`);
    const amount = BigInt(input.amount);
    const source = `request:${newId('wgr')}`;
    if (input.kind === 'free') return grantFree(ctx, tx, { wallet, amount, expiresAt, source });
    return sellTopUp(ctx, tx, { wallet, amount, expiresAt, source });
  });
}

export interface NewTopUp {
  /** Held by the transaction. */
  readonly wallet: Wallet;
  readonly amount: bigint;
  readonly expiresAt: Date | null;
  readonly source: string;
}

/**
 * Writes the invoice of a top-up, which is issued at once and charged where there is something to charge, and the grant
 * that waits for it.
 */
export async function sellTopUp(
  ctx: TenantContext,
  tx: TenantTransaction,
  { wallet, amount, expiresAt, source }: NewTopUp,
): Promise<WalletGrant> {
  const customer = await tx.db.customer.findUniqueOrThrow({ where: { id: wallet.customerId } });
  const card = await tx.db.paymentMethod.findFirst({
    where: { customerId: customer.id, isDefault: true, detachedAt: null },
    select: { id: true },
  });
  const collectionMethod = card ? 'charge_automatically' : 'send_invoice';
  const plan = invoiceOf(ctx, { wallet, amount, customer, collectionMethod });
  const [invoice] = await writeInvoices(ctx, tx, [plan]);
  if (!invoice) throw new Error(`No invoice was written for a top-up of wallet ${wallet.id}.`);
  return insertGrant(ctx, tx, { kind: 'paid', wallet, amount, expiresAt, source, invoiceId: invoice.id });
}

async function grantFree(ctx: TenantContext, tx: TenantTransaction, topUp: NewTopUp): Promise<WalletGrant> {
  const grant = await insertGrant(ctx, tx, { ...topUp, kind: 'free', invoiceId: null });
  return activateGrant(ctx, tx, grant);
}

function insertGrant(
  ctx: TenantContext,
  tx: TenantTransaction,
  of: NewTopUp & { kind: 'paid' | 'free'; invoiceId: string | null },
): Promise<WalletGrant> {
  const now = ctx.clock.now();
  const { wallet, kind, amount, invoiceId, source, expiresAt } = of;
  return tx.db.walletGrant.create({
    data: {
      id: newId('wgr'),
      walletId: wallet.id,
      kind,
      status: 'pending',
      amount,
      remaining: 0n,
      invoiceId,
      source,
      expiresAt,
      createdAt: now,
      updatedAt: now,
    },
  });
}

/** A prepayment is no supply: it is taxed when it is used for one, by the invoice that draws from it. */
function invoiceOf(
  ctx: TenantContext,
  {
    wallet,
    amount,
    customer,
    collectionMethod,
  }: {
    wallet: Wallet;
    amount: bigint;
    customer: Customer;
    collectionMethod: InvoicePlan['collectionMethod'];
  },
): InvoicePlan {
  const price = new Decimal(amount.toString());
  return {
    customerId: customer.id,
    subscriptionId: null,
    externalId: null,
    currency: wallet.currency,
    billingReason: 'wallet_top_up',
    collectionMethod,
    netTermsDays: defaultNetTermsDays(ctx, collectionMethod),
    memo: null,
    purchaseOrder: null,
    metadata: {},
    charges: [
      {
        ...PLAIN_CHARGE,
        kind: 'wallet_top_up',
        description: `Top-up of ${wallet.name}`,
        quantity: new Decimal(1),
        unitAmount: price,
        amount,
        taxCategory: PREPAYMENT_CATEGORY,
        explanation: { model: 'wallet_top_up', unrounded: price.toFixed(), rounding: LINE_ROUNDING },
      },
    ],
    claims: [],
    finalize: 'now',
    onFinalize: null,
  };
}

function readExpiry(ctx: TenantContext, text: string | null): Date | null {
  if (text === null) return null;
  const moment = new Date(text);
  if (moment > ctx.clock.now()) return moment;
  throw invalidRequest('expiresAt must lie in the future.', {
    errors: [{ pointer: '/expiresAt', code: 'out_of_range', message: 'must lie in the future' }],
  });
}
