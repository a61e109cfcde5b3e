import { defineError } from '../../platform/errors/define-error.js';

export const provisioningFailed = defineError(
  'provisioning_failed',
  503,
  'The tenant’s database could not be made',
);
