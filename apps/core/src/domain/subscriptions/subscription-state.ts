import { stateMachine } from '../state-machine.js';

/**
 * `scheduled` has been agreed on and starts later, `trialing` pays no fee yet, `paused` has no service for a while.
 * Nothing is billed to one that is scheduled or canceled.
 */
export type SubscriptionStatus = 'scheduled' | 'trialing' | 'active' | 'paused' | 'canceled';

/**
 * `renew` goes to the next period, `edit` alters how it is collected, `change` what is subscribed to.
 * `schedule_cancel` asks for the end of the period or a date; `keep` takes that back.
 */
export type SubscriptionVerb =
  | 'start'
  | 'start_trial'
  | 'end_trial'
  | 'renew'
  | 'edit'
  | 'change'
  | 'pause'
  | 'resume'
  | 'schedule_cancel'
  | 'keep'
  | 'cancel'
  | 'reactivate';

/**
 * A trial is not paused: it has no fee to pause. One that is paused keeps its plan until it resumes, and renews only in
 * the modes in which billing goes on.
 */
export const subscriptionStates = stateMachine<SubscriptionStatus, SubscriptionVerb>('a subscription', {
  scheduled: {
    start: 'active',
    start_trial: 'trialing',
    edit: 'scheduled',
    change: 'scheduled',
    cancel: 'canceled',
  },
  trialing: {
    end_trial: 'active',
    renew: 'trialing',
    edit: 'trialing',
    change: 'trialing',
    schedule_cancel: 'trialing',
    keep: 'trialing',
    cancel: 'canceled',
  },
  active: {
    renew: 'active',
    edit: 'active',
    change: 'active',
    pause: 'paused',
    schedule_cancel: 'active',
    keep: 'active',
    cancel: 'canceled',
  },
  paused: {
    renew: 'paused',
    edit: 'paused',
    resume: 'active',
    schedule_cancel: 'paused',
    keep: 'paused',
    cancel: 'canceled',
  },
  canceled: { reactivate: 'active' },
});
