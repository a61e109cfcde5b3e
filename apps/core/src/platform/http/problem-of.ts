import { HttpException } from '@nestjs/common';

import {
  bodyTooLarge,
  conflict,
  forbidden,
  internalError,
  invalidRequest,
  malformedBody,
  methodNotAllowed,
  notFound,
  preconditionFailed,
  unauthenticated,
  unavailable,
  unsupportedMediaType,
} from '../errors/common-errors.js';
import { ProblemError, type ProblemFactory } from '../errors/define-error.js';
import { violatesForeignKey } from '../errors/foreign-key-violation.js';
import { violatedUniqueIndex } from '../errors/unique-violation.js';
import { saysAway } from './away.js';
import { requestTimeout, tooManyRequests, uriTooLong } from './http.errors.js';

const BY_STATUS: Readonly<Record<number, ProblemFactory>> = {
  400: invalidRequest,
  401: unauthenticated,
  403: forbidden,
  404: notFound,
  405: methodNotAllowed,
  408: requestTimeout,
  409: conflict,
  412: preconditionFailed,
  413: bodyTooLarge,
  414: uriTooLong,
  415: unsupportedMediaType,
  429: tooManyRequests,
  503: unavailable,
};

/** What Fastify finds wrong before a handler is called, in words of our own. */
const BY_FASTIFY_CODE: Readonly<Record<string, () => ProblemError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => bodyTooLarge('The body is larger than this server takes.'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => unsupportedMediaType('Send the body as application/json.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => malformedBody('The body is not as long as Content-Length says.'),
  FST_ERR_BAD_URL: () => invalidRequest('The path of the URL is not well formed.'),
  FST_ERR_MAX_PARAM_LENGTH: () => uriTooLong('A part of the path is too long.'),
};

/** The problem that any failure is to the outside. What was not expected tells nothing of itself. */
export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const fastifyProblem = problemOfFastify(error);
  if (fastifyProblem) return fastifyProblem;
  if (error instanceof HttpException) return problemOfHttpException(error);
  if (saysAway(error)) {
    return unavailable('A database or service that this needs cannot be reached. Try again shortly.', {
      cause: error,
    });
  }
  if (violatedUniqueIndex(error) !== null) {
    return conflict('Another object has the same value where each must have its own.', { cause: error });
  }
  if (violatesForeignKey(error)) {
    // What a request names was looked up first, so it went away, or came into use, between the look and the write.
    return conflict('Another request deleted or used an object that this one needs. Read it again.', {
      cause: error,
    });
  }
  if (codeOf(error) === 'P2034') {
    return conflict('Another request changed the same objects at the same time. Try again.', {
      cause: error,
    });
  }
  return internalError('This is a fault of ours. It has been logged under the request id.', { cause: error });
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  return typeof code === 'string' ? code : '';
}

/** Nest wraps Fastify's errors of 4xx in an exception of its own. */
function problemOfFastify(error: unknown): ProblemError | null {
  const inner = error instanceof HttpException ? error.cause : error;
  return BY_FASTIFY_CODE[codeOf(inner)]?.() ?? null;
}

function problemOfHttpException(error: HttpException): ProblemError {
  const status = error.getStatus();
  const factory = BY_STATUS[status] ?? (status < 500 ? invalidRequest : internalError);
  return factory(error.message, { cause: error });
}
