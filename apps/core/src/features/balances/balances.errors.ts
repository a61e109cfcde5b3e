import { defineError } from '../../platform/errors/define-error.js';

export const balanceTooLow = defineError('balance_too_low', 409, 'There is not that much on the balance');
