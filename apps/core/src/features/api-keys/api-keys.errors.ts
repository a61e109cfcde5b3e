import { defineError } from '../../platform/errors/define-error.js';

export const apiKeyNotActive = defineError(
  'api_key_not_active',
  409,
  'The API key is revoked or has expired',
);
export const apiKeyLimit = defineError(
  'api_key_limit',
  409,
  'The tenant has as many API keys as it may have',
);
