import { textOf, type JsonObject } from '../frame/json-text.js';
import { json, Refused } from '../frame/reply.js';

interface ErrorMembers extends JsonObject {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  message: string;
}

/** `{error: {type, code, message, param}}`, as Stripe refuses. */
export const stripeError = (status: number, error: ErrorMembers) =>
  new Refused(
    json(status, {
      error: {
        ...error,
        ...(error['code'] ? { doc_url: `https://stripe.com/docs/error-codes/${textOf(error['code'])}` } : {}),
      },
    }),
  );

export const invalid = (message: string, param?: string, code?: string) =>
  stripeError(400, { type: 'invalid_request_error', message, param, code });

export const missing = (param: string) =>
  invalid(`Missing required param: ${param}.`, param, 'parameter_missing');

export const noSuch = (kind: string, id: string, param = 'id') =>
  stripeError(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${kind}: '${id}'`,
    param,
  });
