import { defineError } from './define-error.js';

/** The codes that any route may answer with; a feature's own stand beside it. */
export const invalidRequest = defineError('invalid_request', 400, 'The request is not valid');
export const malformedBody = defineError('malformed_body', 400, 'The body cannot be read');
export const invalidCursor = defineError('invalid_cursor', 400, 'The cursor is not one of ours');
export const unauthenticated = defineError('unauthenticated', 401, 'Credentials are missing or not valid');
export const forbidden = defineError('forbidden', 403, 'The credentials do not allow this');
export const notFound = defineError('not_found', 404, 'There is no such thing here');
export const methodNotAllowed = defineError('method_not_allowed', 405, 'The method is not allowed here');
export const conflict = defineError('conflict', 409, 'The request conflicts with the current state');
export const preconditionFailed = defineError('precondition_failed', 412, 'The object has changed meanwhile');
export const bodyTooLarge = defineError('body_too_large', 413, 'The body is over the limit');
export const unsupportedMediaType = defineError(
  'unsupported_media_type',
  415,
  'The content type is not supported',
);
export const rateLimited = defineError('rate_limited', 429, 'Too many requests');
export const internalError = defineError('internal_error', 500, 'Something went wrong on our side');
export const unavailable = defineError('unavailable', 503, 'A part of the platform is away for the moment');
