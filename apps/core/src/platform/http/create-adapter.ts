import type { Server } from 'node:http';

import type { FastifyHttpOptions, FastifyInstance } from 'fastify';
import type { Logger } from 'pino';

import type { Config } from '../config/config.schema.js';
import { answerBrokenHttp } from './broken-http.js';
import { acceptJsonBodies } from './json-body.js';
import { LeavingAdapter } from './leaving-adapter.js';
import { requestIdOf } from './request-id.js';
import { sendProblem } from './send-problem.js';

const SECOND_MS = 1_000;

/** A request with all of its body has to arrive within this. */
const REQUEST_TIMEOUT_MS = 30 * SECOND_MS;
/** The headers of a request have to arrive within this. */
const HEADERS_TIMEOUT_MS = 15 * SECOND_MS;
/** Longer than load balancers keep idle connections, so that it is they who close first. */
const KEEP_ALIVE_TIMEOUT_MS = 72 * SECOND_MS;
/** A connection on which nothing moves, not even an answer that is being worked on, is cut. */
const SILENT_CONNECTION_TIMEOUT_MS = 120 * SECOND_MS;
const HEADER_BYTES_MAX = 16_384;
/** An external id of 255 characters, each of them percent-encoded. */
const PARAM_LENGTH_MAX = 768;

type HttpConfig = Pick<Config, 'publicUrl' | 'bodyLimitBytes' | 'trustProxy'>;

/** Fastify with the limits, timeouts and strictness that the API promises. */
export function createAdapter(config: HttpConfig, log: Logger): LeavingAdapter {
  const options: FastifyHttpOptions<Server> = {
    logger: false,
    bodyLimit: config.bodyLimitBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: SILENT_CONNECTION_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    http: {
      maxHeaderSize: HEADER_BYTES_MAX,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: 5 * SECOND_MS,
    },
    trustProxy: trustOf(config.trustProxy),
    genReqId: requestIdOf,
    // While it drains the server goes on answering those who still reach it; see shutdown.ts.
    return503OnClosing: false,
    rewriteUrl: (request) => withoutVersion(request.url ?? '/'),
    routerOptions: { maxParamLength: PARAM_LENGTH_MAX, ignoreTrailingSlash: true },
    frameworkErrors: (error, request, reply) => {
      sendProblem({ publicUrl: config.publicUrl, log }, error, request, reply);
    },
    clientErrorHandler: (error, socket) => answerBrokenHttp(config.publicUrl, error, socket),
  };
  const adapter = new LeavingAdapter(options);
  acceptJsonBodies(adapter.getInstance<FastifyInstance>());
  return adapter;
}

/**
 * Whose X-Forwarded-For is believed. A proxy adds its caller's address at the end of what that caller sent along, so that
 * only the last entry is the proxy's own word: to trust every hop would let callers choose their address.
 */
function trustOf(trusted: HttpConfig['trustProxy']): NonNullable<FastifyHttpOptions<Server>['trustProxy']> {
  return trusted === true ? (_address: string, hop: number) => hop === 0 : trusted;
}

/** Every route of the API answers under `/api/v1` as well. */
export function withoutVersion(url: string): string {
  return url.replace(/^\/api\/v1(?=[/?]|$)/, '/api');
}
