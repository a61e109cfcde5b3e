import type { Tenant } from '@nova/prisma-central';

import type { TenantContext } from '../../tenancy/tenant-context.js';
import { actOnSubscription } from '../subscriptions/act-on-subscription.js';
import { PreviewSubscriptionSchema } from '../subscriptions/verbs.schemas.js';
import { changePlan, presentCost } from './change-plan.js';
import { codeOf, costOf, readOffers } from './offers.js';
import { nothingToCancel } from './platform-billing.errors.js';
import { STARTER } from './platform-plans.js';
import { openAccount, type PlatformAccount, requireAccount } from './read-account.js';

const END = PreviewSubscriptionSchema.parse({ verb: 'cancel', input: { timing: 'period_end' } });

/**
 * Ends a plan that is paid for when the time that is paid for is over. Starter follows where it is offered for nothing, and
 * no plan where it is not. Asked for twice it comes to the same, and choosing the present plan takes it back.
 * @throws nothing_to_cancel, own_platform
 */
export async function cancelPlan(
  books: TenantContext,
  { tenant, email }: { tenant: Tenant; email: string },
): Promise<PlatformAccount> {
  const { current } = await openAccount(books, tenant);
  if (!current || (await presentCost(books.db, current.id)).isZero()) {
    throw nothingToCancel('The plan costs nothing: there is nothing to cancel.');
  }
  const starter = (await readOffers(books.db)).find((offer) => codeOf(offer) === STARTER);
  if (starter && costOf(starter, current.currency)?.isZero()) {
    return changePlan(books, { tenant, input: { plan: STARTER }, email });
  }
  if (!current.cancelAtPeriodEnd) {
    await actOnSubscription(books, { reference: current.id, expected: null }, END);
  }
  return requireAccount(books.db, tenant.id);
}
