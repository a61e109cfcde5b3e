import { defineError } from '../errors/define-error.js';

/** Failures of HTTP itself, which no feature raises. */
export const requestTimeout = defineError('request_timeout', 408, 'The request took too long to arrive');
export const uriTooLong = defineError('uri_too_long', 414, 'The URL is too long');
export const tooManyRequests = defineError('too_many_requests', 429, 'Too many requests');
export const headersTooLarge = defineError('headers_too_large', 431, 'The headers are over the limit');
export const malformedRequest = defineError('malformed_request', 400, 'The request is not well-formed HTTP');
