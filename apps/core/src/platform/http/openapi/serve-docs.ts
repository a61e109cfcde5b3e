import type { FastifyInstance } from 'fastify';

import type { NovaApplication } from '../configure-http.js';
import type { DocumentOptions } from './build-document.js';

const PATHS = ['/api/docs', '/api/docs/*', '/api/openapi.json', '/api/openapi.yaml'];
const HEADERS = ['content-type', 'etag', 'last-modified', 'cache-control', 'accept-ranges', 'content-range'];

/**
 * Serves Swagger UI at `/api/docs` and the document as JSON and YAML. They are a small app of their own, which is loaded
 * when it is first asked for: an API that nobody asks should not start later for it.
 */
export function serveDocs(app: NovaApplication, options: DocumentOptions): void {
  let opening: Promise<FastifyInstance> | undefined;
  const docs = () => (opening ??= import('./docs-app.js').then(({ openDocs }) => openDocs(app, options)));
  const fastify = app.getHttpAdapter().getInstance();
  for (const path of PATHS) {
    fastify.get(path, async ({ url, headers }, reply) => {
      const answer = await (await docs()).inject({ method: 'GET', url, headers });
      if (answer.statusCode === 404) return reply.callNotFound();
      if (answer.statusCode >= 500) throw new Error(`The documentation could not be made: ${answer.body}`);
      for (const name of HEADERS) {
        const value = answer.headers[name];
        if (value !== undefined) void reply.header(name, value);
      }
      return reply.code(answer.statusCode).send(answer.rawPayload);
    });
  }
}
