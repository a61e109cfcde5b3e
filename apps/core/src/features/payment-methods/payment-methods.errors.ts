import { defineError } from '../../platform/errors/define-error.js';

export const providerNotConfigured = defineError(
  'provider_not_configured',
  409,
  'There is no such payment provider in this mode',
);
export const providerNotUnattended = defineError(
  'provider_not_unattended',
  409,
  'The payment provider charges nobody unattended',
);
