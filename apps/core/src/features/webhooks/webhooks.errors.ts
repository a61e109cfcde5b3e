import { defineError } from '../../platform/errors/define-error.js';

export const webhookUrlRefused = defineError(
  'webhook_url_refused',
  400,
  'Webhooks do not go to this address',
);
export const webhookEndpointLimit = defineError(
  'webhook_endpoint_limit',
  409,
  'There are as many webhook endpoints as there may be',
);
export const webhookEndpointDisabled = defineError(
  'webhook_endpoint_disabled',
  409,
  'The webhook endpoint is disabled',
);
