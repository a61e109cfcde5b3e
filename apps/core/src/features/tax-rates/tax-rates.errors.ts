import { defineError } from '../../platform/errors/define-error.js';

export const taxRateExists = defineError(
  'tax_rate_exists',
  409,
  'There is a tax rate for the same place and category',
);
