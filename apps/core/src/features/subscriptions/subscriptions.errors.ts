import { defineError } from '../../platform/errors/define-error.js';

export const notOffered = defineError('not_offered', 409, 'The plan or price is no longer offered');
export const itemsDoNotFit = defineError('items_do_not_fit', 400, 'The items cannot be billed together');
export const subscriptionCanceled = defineError('subscription_canceled', 409, 'The subscription is canceled');
export const subscriptionNotStarted = defineError(
  'subscription_not_started',
  409,
  'The subscription has not started yet',
);
export const subscriptionStatusConflict = defineError(
  'subscription_status_conflict',
  409,
  'The subscription’s status does not allow this',
);
export const changeNotScheduled = defineError(
  'change_not_scheduled',
  409,
  'The change has taken effect or was canceled',
);
