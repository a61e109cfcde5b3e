import type { Invoice, PaymentMethod } from '@nova/prisma-tenant';

import { invalidRequest } from '../../platform/errors/common-errors.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { canTake, type Wanted } from './choose-provider.js';
import type { PaymentProviders } from './providers/payment-providers.js';

type Accounts = Pick<PaymentProviders, 'usable'>;

/**
 * What an invoice is charged to: the default method, or, when its provider does not take the sum any more, the newest of the
 * others whose provider does. Null for a customer who has none.
 */
export async function chooseMethod(
  ctx: TenantContext,
  tx: TenantTransaction,
  accounts: Accounts,
  { invoice, amount }: { invoice: Invoice; amount: bigint },
): Promise<PaymentMethod | null> {
  const methods = await tx.db.paymentMethod.findMany({
    where: { customerId: invoice.customerId, detachedAt: null },
    orderBy: [{ isDefault: 'desc' }, { createdAt: 'desc' }, { id: 'desc' }],
  });
  const [first = null] = methods;
  // Alone it is charged in any case: the refusal says why it cannot be.
  if (methods.length <= 1) return first;
  const wanted: Wanted = { currency: invoice.currency, amount, how: 'unattended' };
  for (const method of methods) {
    if (await isCharged(ctx, accounts, method, wanted)) return method;
  }
  return first;
}

/**
 * The customer's method that somebody names.
 * @throws invalidRequest
 */
export async function requireMethodOf(
  tx: TenantTransaction,
  { customerId }: Pick<Invoice, 'customerId'>,
  id: string,
): Promise<PaymentMethod> {
  const method = await tx.db.paymentMethod.findFirst({ where: { customerId, detachedAt: null, id } });
  if (method) return method;
  throw invalidRequest('The customer has no such payment method.', {
    errors: [
      { pointer: '/paymentMethodId', code: 'not_found', message: 'is no payment method of the customer' },
    ],
  });
}

async function isCharged(
  ctx: TenantContext,
  accounts: Accounts,
  { provider }: PaymentMethod,
  wanted: Wanted,
): Promise<boolean> {
  if (provider === 'sandbox') return ctx.mode === 'test';
  const usable = await accounts.usable(ctx);
  return usable.some((account) => account.provider === provider && canTake(account, wanted));
}
