import type { TenantContext } from '../../tenancy/tenant-context.js';
import { collectNow } from '../payments/collect-invoice.js';
import { changePlan, type PlanChoice, presentCost } from './change-plan.js';
import { awaitPlan } from './checkout/await-plan.js';
import type { CheckoutDesk } from './checkout/checkout-desk.js';
import { settleAwaited } from './checkout/settle-awaited.js';
import { costOf, readOffers, requireOffer } from './offers.js';
import { checkoutRequired } from './platform-billing.errors.js';
import { platformCurrencyOf } from './platform-plans.js';
import { openAccount, type PlatformAccount, requireAccount } from './read-account.js';

/** Whoever asks may come twice: the payment that he makes has an id from the start. */
export interface KeyedChoice extends PlanChoice {
  readonly paymentId: string;
}

/**
 * Gives a tenant the plan that it chooses. Who pays for a plan already, by card or by invoice, has the other one by
 * `changePlan`. The first plan that costs anything is paid before it begins, where the operator has an account with a
 * payment provider: with the payment method that is saved, or at a checkout. While the outcome of a charge is not known
 * the tenant keeps its plan, and the other begins when the money has come.
 * @throws checkout_required, invoice_payment_in_flight, and what `changePlan` throws
 */
export async function choosePlan(
  books: TenantContext,
  desk: CheckoutDesk,
  choice: KeyedChoice,
): Promise<PlatformAccount> {
  const { tenant, input, email } = choice;
  const account = await openAccount(books, tenant);
  if (!(await isPaidFirst(books, desk, { choice, account }))) return changePlan(books, choice);
  const saved = await books.db.paymentMethod.findFirst({
    where: { customerId: account.customer.id, isDefault: true, detachedAt: null },
    select: { id: true },
  });
  if (!saved) {
    throw checkoutRequired(
      'No payment method is saved: pay for the plan at a checkout, POST /billing/checkout.',
    );
  }
  const awaited = await awaitPlan(books, { tenant, input: { ...input, savesMethod: true }, email });
  if (awaited) {
    const { paymentId } = choice;
    const payment = await collectNow(books, desk.providers, { invoice: awaited.invoice.id, paymentId });
    if (payment.status === 'failed') {
      throw checkoutRequired(
        `The saved payment method was not charged (${payment.failureMessage ?? 'declined'}): pay at a checkout, POST /billing/checkout.`,
      );
    }
    await settleAwaited(books, desk.providers);
  }
  return requireAccount(books.db, tenant.id);
}

/** Whether it is the first plan that costs anything, in a currency that the operator takes payments in. */
async function isPaidFirst(
  books: TenantContext,
  desk: CheckoutDesk,
  { choice, account: { current } }: { choice: PlanChoice; account: PlatformAccount },
): Promise<boolean> {
  const { tenant, input } = choice;
  const offer = requireOffer(await readOffers(books.db), input.plan);
  const currency = input.currency ?? current?.currency ?? platformCurrencyOf(tenant.currency);
  const cost = costOf(offer, currency);
  if (cost === null || cost.isZero() || current?.planId === offer.id) return false;
  if (current && !(await presentCost(books.db, current.id)).isZero()) return false;
  return desk.takes(books, currency);
}
