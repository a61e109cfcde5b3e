import { Prisma, type Customer } from '@nova/prisma-tenant';

import { newId } from '../../platform/ids/new-id.js';
import { mergeAddress } from '../../platform/wire/address.js';
import { takingExternalId } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { refuseUnlessOffered } from '../dunning/dunning-policies.repository.js';
import { insertPaymentMethod } from '../payment-methods/insert-payment-method.js';
import type { CreateCustomer } from './customers.schemas.js';
import { recordChange } from '../events/record-change.js';
import { toCustomerWire } from './customer-wire.js';

/**
 * Makes a customer, and attaches a payment method when a token of one is given: both or neither.
 * @throws externalIdTaken, providerNotConfigured, invalidRequest
 */
export async function createCustomer(ctx: TenantContext, input: CreateCustomer): Promise<Customer> {
  const { paymentMethodToken, address, ...columns } = input;
  const now = ctx.clock.now();
  return takingExternalId('/externalId', () =>
    ctx.transaction(async (tx) => {
      await refuseUnlessOffered(tx.db, columns.dunningPolicyId);
      const customer = await tx.db.customer.create({
        data: {
          ...columns,
          id: newId('cus'),
          address: mergeAddress(null, address ?? {}) ?? Prisma.DbNull,
          createdAt: now,
          updatedAt: now,
        },
      });
      if (paymentMethodToken !== undefined) {
        await insertPaymentMethod(ctx, tx, {
          customerId: customer.id,
          token: paymentMethodToken,
          pointer: '/paymentMethodToken',
          isDefault: true,
        });
      }
      await recordChange(tx, ctx, 'customer.created', toCustomerWire(customer));
      return customer;
    }),
  );
}
