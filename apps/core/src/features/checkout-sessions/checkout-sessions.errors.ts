import { defineError } from '../../platform/errors/define-error.js';

export const checkoutSessionNotOpen = defineError(
  'checkout_session_not_open',
  409,
  'The checkout session is not open',
);
