import { defineError } from '../../platform/errors/define-error.js';

export const notConsumable = defineError('not_consumable', 409, 'The feature cannot be consumed');
export const transactionReused = defineError(
  'transaction_reused',
  409,
  'The transactionId stands for something else',
);
export const nothingToRelease = defineError(
  'nothing_to_release',
  409,
  'Less is in use than is to be given back',
);
