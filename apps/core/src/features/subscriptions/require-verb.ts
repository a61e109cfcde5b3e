import type { Subscription } from '@nova/prisma-tenant';

import { subscriptionStates, type SubscriptionVerb } from '../../domain/subscriptions/subscription-state.js';
import {
  subscriptionCanceled,
  subscriptionNotStarted,
  subscriptionStatusConflict,
} from './subscriptions.errors.js';

/**
 * Refuses what the subscription's status does not allow, saying which it is.
 * @throws subscriptionCanceled, subscriptionNotStarted, subscriptionStatusConflict
 */
export function requireVerb({ id, status }: Subscription, verb: SubscriptionVerb): void {
  if (subscriptionStates.canMove(status, verb)) return;
  if (status === 'scheduled') throw subscriptionNotStarted(`Subscription ${id} has no period yet.`);
  if (status === 'canceled') throw subscriptionCanceled(`Subscription ${id} has ended.`);
  throw subscriptionStatusConflict(`Subscription ${id} is ${status}.`);
}
