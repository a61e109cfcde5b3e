import { isJsonObject, type Json, type JsonObject } from './json-text.js';
import type { FakeRequest } from './request.js';

/** A JSON object, or what is wrong with the body. */
export type JsonBody =
  { ok: true; body: JsonObject } | { ok: false; reason: 'content-type' | 'syntax' | 'not-an-object' };

/** Reads the body as strictly as a provider: its media type has to say JSON, and it has to be one object in UTF-8. */
export function readJsonBody(request: FakeRequest): JsonBody {
  const [mediaType = ''] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  if (mediaType.trim() !== 'application/json') return { ok: false, reason: 'content-type' };
  let value: Json;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(request.rawBody)) as Json;
  } catch {
    return { ok: false, reason: 'syntax' };
  }
  return isJsonObject(value) ? { ok: true, body: value } : { ok: false, reason: 'not-an-object' };
}
