import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';

import { invalidRequest } from '../errors/common-errors.js';
import type { FieldProblem } from '../errors/define-error.js';
import { type LogFields, runWithLogFields } from '../log/log-fields.js';
import { REQUEST_ID_HEADER } from './request-id.js';
import type { NovaRequest } from './request.js';
import { requestDuration } from './request-metrics.js';
import { pathOf } from './send-problem.js';
import { unstorableText } from './storable-text.js';

const fieldsOfRequest = new WeakMap<FastifyRequest, LogFields>();

/** What happens to every request, whatever route it is for: its id, its log lines, its duration, its texts. */
export function addRequestHooks(fastify: FastifyInstance, log: Logger): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header(REQUEST_ID_HEADER, request.id);
    const fields: LogFields = { requestId: request.id };
    fieldsOfRequest.set(request, fields);
    runWithLogFields(fields, done);
  });
  fastify.addHook('preValidation', (request, _reply, done) => {
    const finish = () => done(unstorableInput(request) ?? undefined);
    // Reading a body goes on in the socket's own asynchronous context: the fields have to be brought back after it.
    if (request.body === undefined) finish();
    else runWithLogFields(fieldsOf(request), finish);
  });
  fastify.addHook('onSend', (request: NovaRequest, reply, _payload, done) => {
    // Nest gives a route one status of success, and sets it after the handler.
    if (request.answerStatus !== undefined && reply.statusCode < 300) void reply.status(request.answerStatus);
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    observe(log, request, reply);
    done();
  });
  fastify.addHook('onRequestAbort', (request, done) => {
    const fields = { ...fieldsOf(request), method: request.method, path: pathOf(request) };
    log.info(fields, 'The caller went away before the answer.');
    done();
  });
}

function fieldsOf(request: FastifyRequest): LogFields {
  return fieldsOfRequest.get(request) ?? {};
}

function observe(log: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const route = request.routeOptions.url ?? 'unknown';
  const status = reply.statusCode;
  const duration_ms = Math.round(reply.elapsedTime * 10) / 10;
  requestDuration.observe(
    { method: request.method, route, status: String(status) },
    reply.elapsedTime / 1_000,
  );
  const path = pathOf(request);
  const call = { method: request.method, path, route, status, duration_ms, ip: request.ip };
  const level = isProbe(route) ? 'debug' : 'info';
  log[level]({ ...fieldsOf(request), ...call }, `${request.method} ${path} ${status}`);
}

/** Routes that machines ask every few seconds; their lines would drown the others. */
function isProbe(route: string): boolean {
  return route.startsWith('/health') || route === '/metrics';
}

/** Path and query are not JSON, so what PostgreSQL cannot store is looked for here; `scanJson` does it for bodies. */
function unstorableInput(request: FastifyRequest): Error | null {
  const problems: FieldProblem[] = [];
  const look = (pointer: string, value: unknown) => {
    for (const text of [value].flat()) {
      const reason = typeof text === 'string' ? unstorableText(text) : null;
      if (reason) problems.push({ pointer, code: 'unstorable_text', message: reason });
    }
  };
  for (const [key, value] of Object.entries((request.query ?? {}) as Record<string, unknown>)) {
    look(`?${key}`, key);
    look(`?${key}`, value);
  }
  for (const [key, value] of Object.entries((request.params ?? {}) as Record<string, unknown>))
    look(`{${key}}`, value);
  return problems.length > 0
    ? invalidRequest('The URL has text that cannot be stored.', { errors: problems })
    : null;
}
