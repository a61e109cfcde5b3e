import type { Payment, PaymentMethod } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import type { SavedMethod } from '../payments/providers/outcomes.js';
import { toPaymentMethodWire } from './payment-method-wire.js';

/**
 * Keeps what a payment was made with, to be charged again: the payer has agreed to that. The customer's first becomes the
 * default. A card that is known already, by its token or by what the provider tells it by, takes the newer token and stays
 * one. Hold the customer's row.
 */
export async function keepSavedMethod(
  ctx: TenantContext,
  tx: TenantTransaction,
  { customerId, provider }: Pick<Payment, 'customerId' | 'provider'>,
  saved: SavedMethod,
): Promise<PaymentMethod> {
  const { token, fingerprint } = saved;
  const known = await tx.db.paymentMethod.findFirst({
    where: {
      customerId,
      provider,
      detachedAt: null,
      OR: [{ token }, ...(fingerprint === null ? [] : [{ fingerprint }])],
    },
    orderBy: { id: 'asc' },
  });
  if (known) return tx.db.paymentMethod.update({ where: { id: known.id }, data: columnsOf(saved) });
  const attached = await tx.db.paymentMethod.count({ where: { customerId, detachedAt: null } });
  const method = await tx.db.paymentMethod.create({
    data: {
      id: newId('pm'),
      customerId,
      provider,
      ...columnsOf(saved),
      isDefault: attached === 0,
      createdAt: ctx.clock.now(),
    },
  });
  await recordChange(tx, ctx, 'payment_method.attached', toPaymentMethodWire(method));
  return method;
}

function columnsOf({ token, kind, label, fingerprint, email, providerCustomerId }: SavedMethod) {
  return { token, kind, label, fingerprint, email, providerCustomerId };
}
