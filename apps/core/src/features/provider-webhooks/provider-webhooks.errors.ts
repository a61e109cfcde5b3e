import { defineError } from '../../platform/errors/define-error.js';

export const webhookForged = defineError(
  'webhook_forged',
  401,
  'Nothing proves that the webhook is the provider’s',
);
export const webhookTenantUnknown = defineError(
  'webhook_tenant_unknown',
  404,
  'The webhook does not say whose it is',
);
export const webhookAddressNotShared = defineError(
  'webhook_address_not_shared',
  404,
  'Each account has a webhook address of its own',
);
