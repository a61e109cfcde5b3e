import { defineError } from '../../platform/errors/define-error.js';

export const alertNeedsQuota = defineError('alert_needs_quota', 400, 'No quota is counted by the meter');
