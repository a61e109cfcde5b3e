import type { CollectionMethod, InvoicePlan } from './invoice-plan.js';
import type { LateUsage } from './late-usage.js';

/** An invoice for late usage alone, where no other of the customer is to come at this moment. */
export function planLateUsage({ subscription, charges }: LateUsage): InvoicePlan {
  return {
    customerId: subscription.customerId,
    subscriptionId: subscription.id,
    externalId: null,
    currency: subscription.currency,
    billingReason: subscription.endedAt === null ? 'subscription_cycle' : 'subscription_end',
    collectionMethod: subscription.collectionMethod as CollectionMethod,
    netTermsDays: subscription.netTermsDays,
    memo: null,
    purchaseOrder: null,
    metadata: {},
    charges,
    claims: [],
    finalize: 'now',
    onFinalize: null,
  };
}
