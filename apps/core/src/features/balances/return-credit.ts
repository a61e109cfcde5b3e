import type { Invoice } from '@nova/prisma-tenant';

import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { cancelTopUp } from '../wallets/activate-top-up.js';
import { giveBackDraws } from '../wallets/give-back-draws.js';
import { changeBalance } from './change-balance.js';

/**
 * Gives back what an invoice that is being voided had taken of its customer's balance and wallets. What belonged to a
 * grant that has expired, or to a wallet that is closed, goes to the balance: nobody loses it by our mistake. A top-up
 * that the invoice was for will not come.
 * Called once, with the invoice's row held, in the transaction that voids it.
 */
export async function returnCredit(
  ctx: TenantContext,
  tx: TenantTransaction,
  invoice: Pick<
    Invoice,
    'id' | 'customerId' | 'currency' | 'billingReason' | 'balanceApplied' | 'walletApplied'
  >,
): Promise<void> {
  await cancelTopUp(ctx, tx, invoice);
  const homeless = invoice.walletApplied > 0n ? await giveBackDraws(ctx, tx, invoice.id) : 0n;
  const amount = invoice.balanceApplied + homeless;
  if (amount === 0n) return;
  await changeBalance(ctx, tx, {
    customerId: invoice.customerId,
    currency: invoice.currency,
    kind: 'invoice_void',
    amount,
    source: `invoice_void:${invoice.id}`,
    invoiceId: invoice.id,
  });
}
