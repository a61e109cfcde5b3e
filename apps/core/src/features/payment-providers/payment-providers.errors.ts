import { defineError } from '../../platform/errors/define-error.js';

export const paymentProviderExists = defineError(
  'payment_provider_exists',
  409,
  'There is an account with this provider already',
);
export const keyOfOtherMode = defineError(
  'key_of_other_mode',
  409,
  'The provider’s key is of the other mode',
);
export const noProviderForCurrency = defineError(
  'no_provider_for_currency',
  409,
  'No payment provider takes this currency',
);
