import type { Prisma } from '@nova/prisma-tenant';

import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { customerInUse } from './customers.errors.js';
import { lockCustomer } from './customers.repository.js';
import { recordChange } from '../events/record-change.js';
import { toCustomerWire } from './customer-wire.js';

/**
 * Takes a customer out of use: it is found no more, its payment methods are detached and its externalId is free
 * again. The row stays, because paid invoices name it. Whoever is owed something stays in use.
 * @throws notFound, preconditionFailed, customerInUse
 */
export async function deleteCustomer(
  ctx: TenantContext,
  idOrExternalId: string,
  expected: ExpectedVersions,
): Promise<void> {
  await ctx.transaction(async (tx) => {
    const customer = await lockCustomer(tx.db, idOrExternalId);
    checkVersion(expected, customer.version);
    await refuseWhileInUse(tx.db, customer.id);
    const now = ctx.clock.now();
    await tx.db.paymentMethod.updateMany({
      where: { customerId: customer.id, detachedAt: null },
      data: { detachedAt: now, isDefault: false },
    });
    await tx.db.customer.update({
      where: { id: customer.id },
      data: { deletedAt: now, externalId: null, version: { increment: 1 }, updatedAt: now },
    });
    await recordChange(tx, ctx, 'customer.deleted', toCustomerWire(customer));
  });
}

async function refuseWhileInUse(db: Prisma.TransactionClient, customerId: string): Promise<void> {
  const subscription = await db.subscription.findFirst({
    where: { customerId, status: { not: 'canceled' } },
    select: { id: true },
  });
  if (subscription) throw customerInUse(`Subscription ${subscription.id} has to be canceled first.`);
  const invoice = await db.invoice.findFirst({
    where: { customerId, status: { in: ['draft', 'open'] } },
    select: { id: true, status: true },
  });
  if (invoice)
    throw customerInUse(
      `Invoice ${invoice.id} is ${invoice.status}: it has to be paid, voided or deleted first.`,
    );
  const balance = await db.customerBalance.findFirst({ where: { customerId, amount: { gt: 0n } } });
  if (balance) {
    throw customerInUse(`${balance.amount} ${balance.currency} are on its balance: give them back first.`);
  }
  const wallet = await db.wallet.findFirst({
    where: { customerId, status: 'active' },
    select: { id: true },
  });
  if (wallet) throw customerInUse(`Wallet ${wallet.id} has to be closed first.`);
}
