import { json, Refused } from '../frame/reply.js';

/** Paystack's refusals, in its own words where they are known. */
export const invalidKey = () =>
  new Refused(
    json(401, {
      status: false,
      message: 'Invalid key',
      meta: { nextStep: 'Ensure that you provide the correct authorization key for the request' },
      type: 'validation_error',
      code: 'invalid_Key',
    }),
  );

export const missingParams = (message: string) => invalid(message, 'missing_params');

export const invalid = (message: string, code = 'invalid_params') =>
  new Refused(
    json(400, {
      status: false,
      message,
      meta: { nextStep: 'Ensure that the value(s) you are passing are valid.' },
      type: 'validation_error',
      code,
    }),
  );

export const duplicateReference = () =>
  new Refused(
    json(400, {
      status: false,
      message: 'Duplicate Transaction Reference',
      meta: { nextStep: 'Ensure that you are passing a unique reference' },
      type: 'validation_error',
      code: 'duplicate_reference',
    }),
  );

export const notFound = (message: string, code: string) =>
  new Refused(
    json(404, {
      status: false,
      message,
      meta: { nextStep: 'Ensure that you are passing a valid identifier' },
      type: 'validation_error',
      code,
    }),
  );
