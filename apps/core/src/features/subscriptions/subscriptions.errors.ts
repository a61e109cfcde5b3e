import { defineError } from '../../platform/errors/define-error.js';

export const notOffered = defineError('not_offered', 409, 'The plan or price is no longer offered');
export const itemsDoNotFit = defineError('items_do_not_fit', 400, 'The items cannot be billed together');
export const subscriptionCanceled = defineError('subscription_canceled', 409, 'The subscription is canceled');
export const subscriptionNotStarted = defineError(
  'subscription_not_started',
  409,
  'The subscription has not started yet',
);
