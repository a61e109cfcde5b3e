import { Prisma, type Customer } from '@nova/prisma-tenant';

import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import { type AddressPatch, mergeAddress, readAddress } from '../../platform/wire/address.js';
import { takingExternalId } from '../../platform/wire/external-id-taken.js';
import { mergeMetadata, readMetadata } from '../../platform/wire/metadata.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { lockCustomer } from './customers.repository.js';
import type { UpdateCustomer } from './customers.schemas.js';
import { refuseUnlessOffered } from '../dunning/dunning-policies.repository.js';
import { recordChange } from '../events/record-change.js';
import { toCustomerWire } from './customer-wire.js';

/**
 * Changes what is known of a customer. Invoices that were issued keep what they say.
 * @throws notFound, preconditionFailed, externalIdTaken, invalidRequest
 */
export async function updateCustomer(
  ctx: TenantContext,
  idOrExternalId: string,
  input: UpdateCustomer,
  expected: ExpectedVersions,
): Promise<Customer> {
  return takingExternalId('/externalId', () =>
    ctx.transaction(async (tx) => {
      const customer = await lockCustomer(tx.db, idOrExternalId);
      checkVersion(expected, customer.version);
      const { address, metadata, ...columns } = input;
      await refuseUnlessOffered(tx.db, columns.dunningPolicyId);
      const data: Prisma.CustomerUncheckedUpdateInput = { ...columns };
      if (address !== undefined) data.address = changedAddress(customer, address) ?? Prisma.DbNull;
      if (metadata !== undefined) data.metadata = mergeMetadata(readMetadata(customer.metadata), metadata);
      const changed = await tx.db.customer.update({
        where: { id: customer.id },
        data: { ...data, version: { increment: 1 }, updatedAt: ctx.clock.now() },
      });
      const before = toCustomerWire(customer);
      await recordChange(tx, ctx, 'customer.updated', toCustomerWire(changed), { before });
      return changed;
    }),
  );
}

function changedAddress(customer: Customer, patch: AddressPatch | null) {
  return patch === null ? null : mergeAddress(readAddress(customer.address), patch);
}
