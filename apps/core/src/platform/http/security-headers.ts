import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

import type { Config } from '../config/config.schema.js';
import { REQUEST_ID_HEADER } from './request-id.js';

/** The API answers with data: nothing in an answer may be run, framed or embedded. */
const API_POLICY = {
  'default-src': ["'none'"],
  'frame-ancestors': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
};

/** What Swagger UI needs: its own script and style, inline styles, and images it carries in itself. */
const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join(';');

export const DOCS_PATH = '/api/docs';

/** Sets the headers that browsers are kept safe by, and lets the configured origins, and no others, call from a browser. */
export async function addSecurityHeaders(
  fastify: FastifyInstance,
  config: Pick<Config, 'corsOrigins' | 'publicUrl'>,
): Promise<void> {
  await fastify.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: API_POLICY },
    crossOriginResourcePolicy: { policy: 'same-site' },
    // Over plain HTTP the header would be ignored; it is for the address that the outside knows.
    strictTransportSecurity: config.publicUrl.startsWith('https:'),
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    if (isDocs(request.url)) void reply.header('content-security-policy', DOCS_POLICY);
    // Answers hold tokens, keys and what customers owe: no browser or proxy is to keep a copy.
    else void reply.header('cache-control', 'no-store');
    done();
  });
  if (config.corsOrigins.length > 0) {
    await fastify.register(cors, {
      origin: config.corsOrigins.includes('*') ? '*' : config.corsOrigins,
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      exposedHeaders: [REQUEST_ID_HEADER, 'etag', 'retry-after', 'ratelimit', 'ratelimit-policy', 'location'],
      maxAge: 600,
    });
  }
}

function isDocs(url: string): boolean {
  return url === DOCS_PATH || url.startsWith(`${DOCS_PATH}/`) || url.startsWith(`${DOCS_PATH}?`);
}
