import type { TenantContext } from '../../../tenancy/tenant-context.js';
import { codeOf } from '../offers.js';
import { paymentNotOffered } from '../platform-billing.errors.js';
import { platformCurrencyOf } from '../platform-plans.js';
import { openAccount, requireAccount } from '../read-account.js';
import { awaitPlan, type WantedPlan } from './await-plan.js';
import type { CheckoutDesk } from './checkout-desk.js';
import type { BillingCheckoutWire, CreateBillingCheckout } from './checkout.schemas.js';
import { readCheckout } from './read-checkout.js';

/** Who wants to pay for which plan, as the request has it. */
export interface OpenedCheckout extends Pick<WantedPlan, 'tenant' | 'email'> {
  readonly input: CreateBillingCheckout;
}

/**
 * Has a plan wait to be paid for and answers with the page for that. Nothing is granted and the tenant keeps the plan that
 * it has until the money has come; what credit covers whole begins at once.
 * @throws payment_not_offered, and what `awaitPlan` throws
 */
export async function openCheckout(
  books: TenantContext,
  desk: CheckoutDesk,
  { tenant, input, email }: OpenedCheckout,
): Promise<BillingCheckoutWire> {
  const { current } = await openAccount(books, tenant);
  const currency = input.currency ?? current?.currency ?? platformCurrencyOf(tenant.currency);
  if (!(await desk.takes(books, currency))) {
    throw paymentNotOffered(`The platform takes no payments in ${currency} here: choose another currency.`);
  }
  const wanted = { ...input, currency, savesMethod: input.savePaymentMethod };
  const awaited = await awaitPlan(books, { tenant, input: wanted, email });
  if (awaited?.session) return readCheckout(books, desk, { tenant, sessionId: awaited.session.id });
  const { current: begun } = await requireAccount(books.db, tenant.id);
  return {
    object: 'billing_checkout',
    sessionId: null,
    status: 'complete',
    url: null,
    plan: begun && { code: codeOf(begun.plan), name: begun.plan.name },
    amount: 0,
    currency: currency as BillingCheckoutWire['currency'],
    expiresAt: null,
  };
}
