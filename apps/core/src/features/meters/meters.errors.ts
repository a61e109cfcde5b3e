import { defineError } from '../../platform/errors/define-error.js';

export const meterInUse = defineError(
  'meter_in_use',
  409,
  'Something refers to the meter, or events were counted',
);
