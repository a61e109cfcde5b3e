import type { Tenant } from '@nova/prisma-central';

import { ProblemError } from '../../platform/errors/define-error.js';
import { externalIdTaken } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { createCustomer } from '../customers/create-customer.js';
import { findCustomer } from '../customers/customers.repository.js';
import { CreateCustomerSchema } from '../customers/customers.schemas.js';
import { createSubscription } from '../subscriptions/create-subscription.js';
import { CreateSubscriptionSchema } from '../subscriptions/subscriptions.schemas.js';
import { codeOf, costOf, readOffers } from './offers.js';
import { NET_TERMS_DAYS, PLATFORM_CURRENCIES, platformCurrencyOf, STARTER } from './platform-plans.js';

/**
 * Makes a tenant a customer in the platform's books, under its own id, with a subscription to Starter unless it ever
 * had one, or the operator offers Starter no more: then it has no plan until it chooses one. May be done twice, and twice
 * at once: the ids keep there from being two of anything. It has no e-mail address until it pays for something, so that
 * nobody is written to about what is free.
 */
export async function enrolTenant(books: TenantContext, tenant: Tenant): Promise<void> {
  const currency = platformCurrencyOf(tenant.currency);
  await once(async () => {
    if (await findCustomer(books.db, tenant.id)) return;
    const { id: externalId, name, country, timeZone } = tenant;
    await createCustomer(
      books,
      CreateCustomerSchema.parse({ externalId, name, currency, timeZone, ...(country ? { country } : {}) }),
    );
  });
  await once(async () => {
    const ever = { customer: { externalId: tenant.id } };
    if (await books.db.subscription.findFirst({ where: ever, select: { id: true } })) return;
    const starter = (await readOffers(books.db)).find((offer) => codeOf(offer) === STARTER);
    const sold = starter && [currency, ...PLATFORM_CURRENCIES].find((one) => costOf(starter, one) !== null);
    if (!sold) return;
    await createSubscription(
      books,
      CreateSubscriptionSchema.parse({
        customerId: tenant.id,
        planId: STARTER,
        externalId: tenant.id,
        currency: sold,
        collectionMethod: 'send_invoice',
        netTermsDays: NET_TERMS_DAYS,
      }),
    );
  });
}

/** Another process may have done the same at the same moment. */
async function once(make: () => Promise<void>): Promise<void> {
  try {
    await make();
  } catch (error) {
    if (!(error instanceof ProblemError) || error.definition.code !== externalIdTaken.code) throw error;
  }
}
