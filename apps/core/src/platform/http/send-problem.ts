import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

import { unauthenticated, unavailable } from '../errors/common-errors.js';
import { problemOf } from './problem-of.js';
import { problemPageOf } from './problem-page.js';
import { PROBLEM_TYPE } from './problem-responses.js';
import { toWireProblem } from './problem.js';
import { REQUEST_ID_HEADER } from './request-id.js';
import type { NovaRequest } from './request.js';

interface ProblemSender {
  publicUrl: string;
  log: Logger;
}

/** What every answer of a status says unless its problem says it otherwise. */
const USUAL_HEADERS: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  [unauthenticated.status]: { 'www-authenticate': 'Bearer' },
  [unavailable.status]: { 'retry-after': '2' },
};

/** Answers a failed request with its problem, and logs what was not expected. */
export function sendProblem(
  sender: ProblemSender,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const problem = problemOf(error);
  const { code, status } = problem.definition;
  (request as NovaRequest).problemCode = code;
  const instance = pathOf(request);
  if (status >= 500) {
    const fields = {
      err: problem.cause ?? problem,
      code,
      requestId: request.id,
      method: request.method,
      path: instance,
    };
    // A part that is away is known where it is looked after; this line only says whom it hit.
    sender.log[status === unavailable.status ? 'warn' : 'error'](fields, 'A request failed.');
  }
  // A stream may have begun already: then nothing can be said any more but that it ended early.
  if (reply.sent || reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  const place = { publicUrl: sender.publicUrl, requestId: request.id, instance };
  void reply
    .status(status)
    .headers({ ...USUAL_HEADERS[status], ...problem.headers, [REQUEST_ID_HEADER]: request.id });
  const page = problemPageOf(request);
  if (page) {
    void reply.send(page(problem, reply));
    return;
  }
  void reply
    .header('content-type', PROBLEM_TYPE)
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(toWireProblem(problem, place));
}

/** Steps that are as good as a key: of webhook addresses, and of pages that customers are sent to. */
const SECRET_STEP = /^(\/api(?:\/v1)?\/webhooks\/[^/]+|\/pay)\/[^/]+/;

/**
 * The path that was asked for, before aliases were resolved, without what nobody else should read: the query, and the step
 * that is a secret.
 */
export function pathOf(request: FastifyRequest): string {
  const path = (request.originalUrl || request.url).split('?', 1)[0] ?? '/';
  return path.replace(SECRET_STEP, '$1/***');
}
