import { defineError } from '../errors/define-error.js';

/** Failures of the header itself, which any POST may answer with. */
export const idempotencyKeyInvalid = defineError(
  'idempotency_key_invalid',
  400,
  'The Idempotency-Key is not valid',
);
export const idempotencyKeyReused = defineError(
  'idempotency_key_reused',
  422,
  'The Idempotency-Key was used for another request',
);
export const idempotencyInProgress = defineError(
  'idempotency_in_progress',
  409,
  'A request with this Idempotency-Key is still running',
);
