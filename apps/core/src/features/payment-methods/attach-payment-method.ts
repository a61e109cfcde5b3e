import type { PaymentMethod } from '@nova/prisma-tenant';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import { lockCustomer } from '../customers/customers.repository.js';
import { insertPaymentMethod } from './insert-payment-method.js';

/**
 * Attaches a payment method to a customer. The first one becomes the default.
 * @throws notFound, providerNotConfigured, invalidRequest
 */
export async function attachPaymentMethod(
  ctx: TenantContext,
  customerReference: string,
  token: string,
): Promise<PaymentMethod> {
  return ctx.transaction(async (tx) => {
    const { id: customerId } = await lockCustomer(tx.db, customerReference);
    const attached = await tx.db.paymentMethod.count({ where: { customerId, detachedAt: null } });
    return insertPaymentMethod(ctx, tx, { customerId, token, pointer: '/token', isDefault: attached === 0 });
  });
}
