import { defineError } from '../../platform/errors/define-error.js';

export const planInUse = defineError('plan_in_use', 409, 'Something was sold with the plan');
export const planFull = defineError('plan_full', 409, 'The plan has as many prices as it may have');
