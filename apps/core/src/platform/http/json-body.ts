import type { FastifyInstance, FastifyRequest } from 'fastify';

import { invalidRequest, malformedBody, unsupportedMediaType } from '../errors/common-errors.js';
import type { ProblemError } from '../errors/define-error.js';
import { acceptForms } from './form-body.js';
import { isPlainlySound } from './is-plainly-sound.js';
import { acceptRawBodies, takesRawBody } from './raw-body.js';
import { scanJson, type JsonFlaw } from './scan-json.js';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Makes JSON the only kind of body that is read, and reads it strictly; but for routes that take bytes as they come, or forms. */
export function acceptJsonBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      done(null, takesRawBody(request) ? body : parseJsonBody(request, body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });
  acceptRawBodies(fastify);
  acceptForms(fastify);
}

/**
 * The value of a JSON body; undefined when it is empty, as clients send it that always set a content type.
 * @throws malformed_body, invalid_request, unsupported_media_type
 */
export function parseJsonBody(request: Pick<FastifyRequest, 'headers'>, body: Buffer): unknown {
  refuseEncodings(request.headers);
  if (body.length === 0) return undefined;
  const text = decode(body);
  const parsed = tryParse(text);
  if (parsed && isPlainlySound(text, parsed.value)) return parsed.value;
  const flaw = scanJson(text);
  if (flaw) throw problemOfFlaw(flaw);
  return parsed ? parsed.value : (JSON.parse(text) as unknown);
}

function tryParse(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    // The scanner says better what is wrong with it.
    return null;
  }
}

function refuseEncodings(headers: FastifyRequest['headers']): void {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') {
    throw unsupportedMediaType('Send the body without a content encoding.');
  }
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw unsupportedMediaType('JSON is read as UTF-8; send it without another charset.');
  }
}

function decode(body: Buffer): string {
  try {
    return strictUtf8.decode(body);
  } catch (cause) {
    throw malformedBody('The body is not valid UTF-8.', { cause });
  }
}

function problemOfFlaw({ offset, pointer, code, message }: JsonFlaw): ProblemError {
  const errors = [{ pointer, code, message }];
  // These two are well-formed JSON: the values are at fault, not the text.
  const valueAtFault = code === 'unstorable_text' || code === 'number_out_of_range';
  return valueAtFault
    ? invalidRequest(`${message}.`, { errors })
    : malformedBody(`${message} (at character ${offset + 1}).`, { errors });
}
