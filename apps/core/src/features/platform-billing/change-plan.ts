import type { Tenant } from '@nova/prisma-central';
import type { Customer } from '@nova/prisma-tenant';

import { toDecimal } from '../../domain/money/decimal.js';
import { invalidRequest } from '../../platform/errors/common-errors.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { lockCustomer } from '../customers/customers.repository.js';
import { joinedContext } from '../idempotency/joined-context.js';
import { cancelSubscription } from '../subscriptions/cancel-subscription.js';
import { createSubscription } from '../subscriptions/create-subscription.js';
import {
  CancelSubscriptionSchema,
  CreateSubscriptionSchema,
} from '../subscriptions/subscriptions.schemas.js';
import { updateSubscription } from '../subscriptions/update-subscription.js';
import type { ChangePlatformPlan } from './billing.schemas.js';
import { costOf, readOffers, requireOffer } from './offers.js';
import { platformCurrencyOf } from './platform-plans.js';
import { openAccount, type PlatformAccount, readAccount } from './read-account.js';

const REASON = 'Another plan was chosen.';
/** Days that a tenant has to pay an invoice of the platform. */
const NET_TERMS_DAYS = 14;

export interface PlanChoice {
  readonly tenant: Tenant;
  readonly input: ChangePlatformPlan;
  /** Where invoices go unless it says another address or one is known. */
  readonly email: string;
}

/**
 * Gives a tenant another plan of the platform's: one that costs as much or more at once, with its first invoice; a
 * cheaper one when the time that is paid for is over. Choosing the present plan takes back what was to follow it. All
 * of it is one transaction.
 * @throws not_found for the plan, invalid_request for a currency it is not sold in, own_platform
 */
export async function changePlan(books: TenantContext, choice: PlanChoice): Promise<PlatformAccount> {
  const { tenant, input } = choice;
  await openAccount(books, tenant);
  return books.transaction(async (tx) => {
    const joined = joinedContext(books, tx);
    const customer = await lockCustomer(tx.db, tenant.id);
    const account = (await readAccount(tx.db, tenant.id)) ?? { customer, current: null, next: null };
    const { current } = account;
    const offers = await readOffers(tx.db);
    const offer = requireOffer(offers, input.plan);
    if (account.next) await endNow(joined, account.next.id);
    if (current?.planId === offer.id) {
      if (current.cancelAtPeriodEnd)
        await updateSubscription(joined, current.id, { cancelAtPeriodEnd: false }, null);
      return readAfter(tx, tenant.id);
    }
    const currency = input.currency ?? current?.currency ?? platformCurrencyOf(tenant.currency);
    const cost = costOf(offer, currency);
    if (cost === null) throw notSoldIn(currency);
    if (!cost.isZero()) await nameAddress(tx, customer, input.email ?? customer.email ?? choice.email);
    const present = current && (await presentCost(tx, current.id));
    const waits = current && present && cost.lt(present) ? current : null;
    if (waits) await cancelSubscription(joined, waits.id, cancellation('period_end'));
    else if (current) await endNow(joined, current.id);
    await createSubscription(
      joined,
      CreateSubscriptionSchema.parse({
        customerId: customer.id,
        planId: offer.id,
        currency,
        collectionMethod: 'send_invoice',
        netTermsDays: NET_TERMS_DAYS,
        ...(waits ? { startAt: waits.currentPeriodEnd.toISOString() } : {}),
      }),
    );
    return readAfter(tx, tenant.id);
  });
}

async function readAfter(tx: TenantTransaction, tenantId: string): Promise<PlatformAccount> {
  const account = await readAccount(tx.db, tenantId);
  if (!account) throw new Error(`The account of ${tenantId} is not there after its plan was changed.`);
  return account;
}

function cancellation(timing: 'immediate' | 'period_end') {
  return CancelSubscriptionSchema.parse({ timing, reason: REASON });
}

async function endNow(books: TenantContext, subscriptionId: string): Promise<void> {
  await cancelSubscription(books, subscriptionId, cancellation('immediate'));
}

/** What a subscription costs a period, by the prices that it has. */
async function presentCost(tx: TenantTransaction, subscriptionId: string) {
  const items = await tx.db.subscriptionItem.findMany({
    where: { subscriptionId, endedAt: null, price: { type: 'recurring' } },
    include: { price: true },
  });
  return items.reduce((sum, { price }) => sum.plus(toDecimal(price.unitAmount)), toDecimal('0'));
}

/** From its first paid plan on a tenant is written to. */
async function nameAddress(tx: TenantTransaction, { id, email }: Customer, wanted: string): Promise<void> {
  if (email === wanted) return;
  await tx.db.customer.update({ where: { id }, data: { email: wanted, version: { increment: 1 } } });
}

function notSoldIn(currency: string) {
  const message = `is not a currency of this plan: ${currency}`;
  return invalidRequest(`currency ${message}.`, {
    errors: [{ pointer: '/currency', code: 'not_offered', message }],
  });
}
