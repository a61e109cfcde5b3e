import type { Tenant } from '@nova/prisma-central';
import type { Customer, Subscription } from '@nova/prisma-tenant';

import { type Decimal, toDecimal } from '../../domain/money/decimal.js';
import { invalidRequest } from '../../platform/errors/common-errors.js';
import type { TenantContext, TenantReader, TenantTransaction } from '../../tenancy/tenant-context.js';
import { lockCustomer } from '../customers/customers.repository.js';
import { joinedContext } from '../idempotency/joined-context.js';
import { actOnSubscription } from '../subscriptions/act-on-subscription.js';
import { createSubscription } from '../subscriptions/create-subscription.js';
import { scheduleBilling } from '../subscriptions/schedule-billing.js';
import { CreateSubscriptionSchema } from '../subscriptions/subscriptions.schemas.js';
import { PreviewSubscriptionSchema } from '../subscriptions/verbs.schemas.js';
import type { ChangePlatformPlan } from './billing.schemas.js';
import { readAwaited } from './checkout/awaited-plan.js';
import { dropAwaited } from './checkout/drop-awaited.js';
import { costOf, type Offer, readOffers, requireOffer } from './offers.js';
import { NET_TERMS_DAYS, platformCurrencyOf } from './platform-plans.js';
import { openAccount, type PlatformAccount, requireAccount } from './read-account.js';

export interface PlanChoice {
  readonly tenant: Tenant;
  readonly input: ChangePlatformPlan;
  /** Where invoices go unless it says another address or one is known. */
  readonly email: string;
}

/**
 * Gives a tenant another plan of the platform's: one that costs more at once, with its first invoice, on which what is
 * left of the plan before is credited; a cheaper one when the time that is paid for is over. Choosing the present plan
 * takes back what was to follow it, and every choice what waited to be paid. All of it is one transaction.
 * @throws not_found for the plan, invalid_request for a currency it is not sold in, own_platform,
 * invoice_payment_in_flight
 */
export async function changePlan(books: TenantContext, choice: PlanChoice): Promise<PlatformAccount> {
  const { tenant, input } = choice;
  await openAccount(books, tenant);
  return books.transaction(async (tx) => {
    const joined = joinedContext(books, tx);
    const customer = await lockCustomer(tx.db, tenant.id);
    const { current } = await requireAccount(tx.db, tenant.id);
    const offer = requireOffer(await readOffers(tx.db), input.plan);
    if (current) await dropWaitingChanges(joined, tx, current.id);
    const unpaid = await readAwaited(tx.db, customer.id);
    if (unpaid) await dropAwaited(joined, tx, unpaid);
    if (current?.planId === offer.id) {
      if (current.cancelAtPeriodEnd) await ask(joined, current.id, { verb: 'keep' });
    } else {
      const currency = input.currency ?? current?.currency ?? platformCurrencyOf(tenant.currency);
      const cost = costOf(offer, currency);
      if (cost === null) throw refuseCurrency(`is not a currency of this plan: ${currency}`);
      if (!cost.isZero()) await nameAddress(tx, customer, input.email ?? customer.email ?? choice.email);
      await move(joined, { customer, current, offer, currency });
    }
    return requireAccount(tx.db, tenant.id);
  });
}

interface Move {
  readonly customer: Customer;
  readonly current: Subscription | null;
  readonly offer: Offer;
  readonly currency: string;
}

/** What costs nothing is left behind at once, for a full period of what costs something. */
async function move(books: TenantContext, { customer, current, offer, currency }: Move): Promise<void> {
  const isFree = current !== null && (await presentCost(books.db, current.id)).isZero();
  if (current && current.currency === currency) {
    const proration = isFree ? 'full_price_reset' : 'lines';
    return ask(books, current.id, { verb: 'change', input: { planId: offer.id, proration } });
  }
  if (current) {
    if (!isFree) throw refuseCurrency('cannot change while a plan is paid for: choose the free one first');
    const input = { timing: 'immediate', reason: 'Another plan was chosen.' };
    await ask(books, current.id, { verb: 'cancel', input });
  }
  await createSubscription(
    books,
    CreateSubscriptionSchema.parse({
      customerId: customer.id,
      planId: offer.id,
      currency,
      collectionMethod: 'send_invoice',
      netTermsDays: NET_TERMS_DAYS,
    }),
  );
}

async function ask(books: TenantContext, reference: string, request: object): Promise<void> {
  await actOnSubscription(books, { reference, expected: null }, PreviewSubscriptionSchema.parse(request));
}

/** A later choice takes the place of one that has not taken effect. */
async function dropWaitingChanges(
  books: TenantContext,
  tx: TenantTransaction,
  subscriptionId: string,
): Promise<void> {
  const { count } = await tx.db.subscriptionChange.updateMany({
    where: { subscriptionId, status: 'scheduled' },
    data: { status: 'canceled', canceledAt: books.clock.now() },
  });
  if (count > 0) await scheduleBilling(books, tx, subscriptionId);
}

/** What a subscription costs a period, by the prices that it has. */
export async function presentCost(db: TenantReader, subscriptionId: string): Promise<Decimal> {
  const items = await db.subscriptionItem.findMany({
    where: { subscriptionId, endedAt: null, price: { type: 'recurring' } },
    include: { price: true },
  });
  return items.reduce((sum, { price }) => sum.plus(toDecimal(price.unitAmount)), toDecimal('0'));
}

/** From its first paid plan on a tenant is written to. */
export async function nameAddress(
  tx: TenantTransaction,
  { id, email }: Customer,
  wanted: string,
): Promise<void> {
  if (email === wanted) return;
  await tx.db.customer.update({ where: { id }, data: { email: wanted, version: { increment: 1 } } });
}

/** A currency that the plan cannot be had in now. */
export function refuseCurrency(message: string) {
  return invalidRequest(`currency ${message}.`, {
    errors: [{ pointer: '/currency', code: 'not_offered', message }],
  });
}
