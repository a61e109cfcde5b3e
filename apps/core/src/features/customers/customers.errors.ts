import { defineError } from '../../platform/errors/define-error.js';

export const customerInUse = defineError('customer_in_use', 409, 'The customer still has business under way');
