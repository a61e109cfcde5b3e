import { defineError } from '../../platform/errors/define-error.js';

export const planLimitReached = defineError('plan_limit_reached', 402, 'The plan’s limit is reached');
export const platformBillingOff = defineError('platform_billing_off', 409, 'This platform bills nobody');
export const ownPlatform = defineError('own_platform', 409, 'The platform does not bill itself');
