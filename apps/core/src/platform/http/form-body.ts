import type { FastifyInstance, FastifyRequest } from 'fastify';

import { malformedBody, unsupportedMediaType } from '../errors/common-errors.js';
import { takesRawBody } from './raw-body.js';

/** For `@RouteConfig`: the route takes what a form of a page sends, and nothing else. */
export const FORM_BODY = { formBody: true } as const;

/** Many times what our forms hold. */
const FORM_BYTES_MAX = 4_096;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads url-encoded forms for the routes that take them, and refuses them for all others. */
export function acceptForms(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (isOfForms(route.config)) route.bodyLimit = FORM_BYTES_MAX;
  });
  const type = 'application/x-www-form-urlencoded';
  fastify.addContentTypeParser(type, { parseAs: 'buffer' }, (request, body, done) => {
    try {
      done(null, takesRawBody(request) ? body : parseForm(request, body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
}

/**
 * The fields of a form by their names.
 * @throws unsupported_media_type, malformed_body
 */
function parseForm(request: FastifyRequest, body: Buffer): Record<string, string> | undefined {
  // What no route takes is not found, whatever its body is.
  if (request.is404) return undefined;
  if (!isOfForms(request.routeOptions.config))
    throw unsupportedMediaType('Send the body as application/json.');
  const fields = [...new URLSearchParams(decode(body))];
  const form = Object.fromEntries(fields);
  if (Object.keys(form).length === fields.length) return form;
  throw malformedBody('A field of the form was sent twice.');
}

function isOfForms(config: unknown): boolean {
  return (config as { formBody?: boolean } | undefined)?.formBody === true;
}

function decode(body: Buffer): string {
  try {
    return strictUtf8.decode(body);
  } catch (cause) {
    throw malformedBody('The form is not valid UTF-8.', { cause });
  }
}
