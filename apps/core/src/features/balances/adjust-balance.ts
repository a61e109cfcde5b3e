import type { BalanceEntry } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { holdCustomer } from '../customers/customers.repository.js';
import { lockAccounts } from '../customers/lock-accounts.js';
import type { AdjustBalance } from './balance-wire.js';
import { changeBalance } from './change-balance.js';

/**
 * Gives a customer credit for its next invoices, or takes some of it back.
 * @throws notFound, balanceTooLow
 */
export async function adjustBalance(
  ctx: TenantContext,
  customerReference: string,
  { currency, amount, note }: AdjustBalance,
): Promise<BalanceEntry> {
  return ctx.transaction(async (tx) => {
    const { id: customerId } = await holdCustomer(tx.db, customerReference);
    await lockAccounts(tx.db, [customerId]);
    return changeBalance(ctx, tx, {
      customerId,
      currency,
      kind: 'adjustment',
      amount: BigInt(amount),
      source: `adjustment:${newId('bal')}`,
      note,
    });
  });
}
