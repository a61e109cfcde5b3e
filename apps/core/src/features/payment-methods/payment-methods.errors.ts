import { defineError } from '../../platform/errors/define-error.js';

export const providerNotConfigured = defineError(
  'provider_not_configured',
  409,
  'There is no payment provider in this mode',
);
