import type { Tenant } from '@nova/prisma-central';
import type { Subscription } from '@nova/prisma-tenant';

import type { TenantContext } from '../../../tenancy/tenant-context.js';
import type { CreateCheckoutSession } from '../../checkout-sessions/checkout-sessions.schemas.js';
import { createCheckoutSession } from '../../checkout-sessions/create-checkout-session.js';
import { lockCustomer } from '../../customers/customers.repository.js';
import { joinedContext } from '../../idempotency/joined-context.js';
import { createAwaiting } from '../../subscriptions/start-when-paid.js';
import { nameAddress, presentCost, refuseCurrency } from '../change-plan.js';
import { costOf, type Offer, readOffers, requireOffer } from '../offers.js';
import { checkoutNotNeeded } from '../platform-billing.errors.js';
import { NET_TERMS_DAYS, platformCurrencyOf } from '../platform-plans.js';
import { openAccount, requireAccount } from '../read-account.js';
import { type AwaitedPlan, isPayable, readAwaited } from './awaited-plan.js';
import { beginAwaited } from './begin-awaited.js';
import { dropAwaited } from './drop-awaited.js';

/** How long a checkout may be paid. Its period counts from when it was begun, so it is not long. */
const SESSION_MINUTES = 180;

/** A plan that a tenant wants to pay for. */
export interface WantedPlan {
  readonly tenant: Tenant;
  readonly input: {
    readonly plan: string;
    readonly currency?: string | undefined;
    readonly email?: string | undefined;
    readonly savesMethod: boolean;
    readonly successUrl?: string | undefined;
    readonly cancelUrl?: string | undefined;
  };
  /** Where receipts go unless it says another address or one is known. */
  readonly email: string;
}

/**
 * Has a plan wait for its first invoice to be paid, and opens a session for that. The tenant keeps the plan it has. Asked
 * again for the same plan while it waits, the same is given back; another plan takes the place of the one that waits.
 * @returns null when there was nothing to pay: the plan has begun
 * @throws not_found for the plan, invalid_request for a currency it is not sold in, checkout_not_needed, own_platform,
 * invoice_payment_in_flight
 */
export async function awaitPlan(books: TenantContext, wanted: WantedPlan): Promise<AwaitedPlan | null> {
  const { tenant, input } = wanted;
  await openAccount(books, tenant);
  return books.transaction(async (tx) => {
    const joined = joinedContext(books, tx);
    const customer = await lockCustomer(tx.db, tenant.id);
    const { current } = await requireAccount(tx.db, tenant.id);
    const offer = requireOffer(await readOffers(tx.db), input.plan);
    const currency = input.currency ?? current?.currency ?? platformCurrencyOf(tenant.currency);
    await refuseUnlessDearer(joined, { current, offer, currency });
    const waiting = await readAwaited(tx.db, customer.id);
    if (waiting && isSame(joined, waiting, { offer, currency })) return waiting;
    if (waiting) await dropAwaited(joined, tx, waiting);
    const made = await createAwaiting(joined, tx, {
      customer,
      plan: offer,
      currency,
      netTermsDays: NET_TERMS_DAYS,
    });
    await nameAddress(tx, customer, input.email ?? customer.email ?? wanted.email);
    if (made.invoice?.status !== 'open') {
      await beginAwaited(joined, tx, made.subscription);
      return null;
    }
    // Nobody is written to about what he is about to pay: the receipt comes when he has.
    await tx.db.emailMessage.deleteMany({ where: { invoiceId: made.invoice.id, status: 'queued' } });
    await createCheckoutSession(joined, sessionOf(made.invoice.id, input));
    return readAwaited(tx.db, customer.id);
  });
}

interface Choice {
  readonly current: Subscription | null;
  readonly offer: Offer;
  readonly currency: string;
}

async function refuseUnlessDearer(books: TenantContext, { current, offer, currency }: Choice): Promise<void> {
  if (current?.planId === offer.id) throw checkoutNotNeeded('This is the plan that you have.');
  const cost = costOf(offer, currency);
  if (cost === null) throw refuseCurrency(`is not a currency of this plan: ${currency}`);
  if (cost.isZero()) throw checkoutNotNeeded('This plan costs nothing: choose it without a checkout.');
  const paysNow = current && (await presentCost(books.db, current.id));
  if (!paysNow || paysNow.isZero()) return;
  if (current.currency !== currency) {
    throw refuseCurrency('cannot change while a plan is paid for: choose the free one first');
  }
  if (cost.lte(paysNow)) {
    throw checkoutNotNeeded('A cheaper plan follows the one you have: choose it without a checkout.');
  }
}

function isSame(
  books: TenantContext,
  waiting: AwaitedPlan,
  { offer, currency }: Pick<Choice, 'offer' | 'currency'>,
): boolean {
  const { plan, subscription } = waiting;
  const isAsIsSold = plan.id === offer.id && subscription.planVersion === offer.currentVersion;
  return isAsIsSold && subscription.currency === currency && isPayable(waiting, books.clock.now());
}

function sessionOf(invoiceId: string, input: WantedPlan['input']): CreateCheckoutSession {
  const { savesMethod, successUrl, cancelUrl } = input;
  return {
    invoiceId,
    successUrl,
    cancelUrl,
    savePaymentMethod: savesMethod ? 'always' : 'never',
    expiresInMinutes: SESSION_MINUTES,
    metadata: {},
  };
}
