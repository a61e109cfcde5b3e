import type { PaymentMethod } from '@nova/prisma-tenant';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import { lockCustomer } from '../customers/customers.repository.js';
import type { PaymentProviders } from '../payments/providers/payment-providers.js';
import { importedMethod } from './imported-method.js';
import { insertPaymentMethod } from './insert-payment-method.js';
import { keepSavedMethod } from './keep-saved-method.js';
import type { AttachPaymentMethod } from './payment-methods.schemas.js';
import { requireUnattended } from './require-unattended.js';

/**
 * Attaches a payment method to a customer: one of the sandbox's, or one that was saved at a provider before. The first one
 * becomes the default.
 * @throws notFound, providerNotConfigured, providerNotUnattended, invalidRequest
 */
export async function attachPaymentMethod(
  ctx: TenantContext,
  providers: PaymentProviders,
  { customer: reference, input }: { customer: string; input: AttachPaymentMethod },
): Promise<PaymentMethod> {
  const { provider, token } = input;
  if (provider !== 'sandbox') await requireUnattended(ctx, providers, provider);
  return ctx.transaction(async (tx) => {
    const customer = await lockCustomer(tx.db, reference);
    const { id: customerId } = customer;
    if (provider !== 'sandbox')
      return keepSavedMethod(ctx, tx, { customerId, provider }, importedMethod(input, customer));
    const attached = await tx.db.paymentMethod.count({ where: { customerId, detachedAt: null } });
    return insertPaymentMethod(ctx, tx, { customerId, token, pointer: '/token', isDefault: attached === 0 });
  });
}
