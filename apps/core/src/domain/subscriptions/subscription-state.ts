import { stateMachine } from '../state-machine.js';

/** `scheduled` has been agreed on and starts later: nothing is billed yet. */
export type SubscriptionStatus = 'scheduled' | 'active' | 'canceled';

/** `schedule_cancel` asks for the end of the period; `keep` takes that back. */
export type SubscriptionVerb = 'start' | 'renew' | 'edit' | 'schedule_cancel' | 'keep' | 'cancel';

/** A canceled subscription stays canceled: its customer subscribes anew. */
export const subscriptionStates = stateMachine<SubscriptionStatus, SubscriptionVerb>('a subscription', {
  scheduled: { start: 'active', edit: 'scheduled', cancel: 'canceled' },
  active: { renew: 'active', edit: 'active', schedule_cancel: 'active', keep: 'active', cancel: 'canceled' },
  canceled: {},
});
