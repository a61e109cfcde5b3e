import { stateMachine } from '../state-machine.js';

export type SubscriptionStatus = 'active' | 'canceled';

/** `schedule_cancel` asks for the end of the period; `keep` takes that back. */
export type SubscriptionVerb = 'renew' | 'edit' | 'schedule_cancel' | 'keep' | 'cancel';

/** A canceled subscription stays canceled: its customer subscribes anew. */
export const subscriptionStates = stateMachine<SubscriptionStatus, SubscriptionVerb>('a subscription', {
  active: { renew: 'active', edit: 'active', schedule_cancel: 'active', keep: 'active', cancel: 'canceled' },
  canceled: {},
});
