import { defineError } from '../../platform/errors/define-error.js';

export const usageRejected = defineError('usage_rejected', 400, 'The event cannot be counted');
