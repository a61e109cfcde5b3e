import type { FastifyInstance, FastifyRequest } from 'fastify';

import { bodyTooLarge, unsupportedMediaType } from '../errors/common-errors.js';

/**
 * For `@RouteConfig`: the route takes the bytes of its body as they came, of whatever content type. What is signed is the
 * bytes, and not what a parser makes of them.
 */
export const RAW_BODY = { rawBody: true } as const;

/** Many times what providers send. */
const RAW_BODY_BYTES_MAX = 256 * 1_024;

/** Whether a request is to a route that takes the bytes of its body. */
export function takesRawBody(request: Pick<FastifyRequest, 'routeOptions'>): boolean {
  return (request.routeOptions.config as { rawBody?: boolean }).rawBody === true;
}

/** Reads bodies of every content type for routes that take bytes, and refuses what is no JSON for all others. */
export function acceptRawBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const { rawBody } = (route.config ?? {}) as { rawBody?: boolean };
    if (rawBody) route.bodyLimit = RAW_BODY_BYTES_MAX;
  });
  fastify.addContentTypeParser('*', (request, payload, done) => {
    // What no route takes is not found, whatever its body is.
    if (request.is404) done(null, undefined);
    else if (!takesRawBody(request)) done(unsupportedMediaType('Send the body as application/json.'));
    else readBytes(payload, (error, bytes) => done(error, bytes));
  });
}

function readBytes(
  payload: NodeJS.ReadableStream,
  done: (error: Error | null, bytes?: Buffer) => void,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  payload.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length <= RAW_BODY_BYTES_MAX) chunks.push(chunk);
  });
  payload.once('end', () => {
    if (length <= RAW_BODY_BYTES_MAX) done(null, Buffer.concat(chunks));
    else done(bodyTooLarge(`At most ${RAW_BODY_BYTES_MAX} bytes are taken here.`));
  });
  payload.once('error', (error: Error) => done(error));
}
