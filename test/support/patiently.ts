import { randomUUID } from 'node:crypto';

import type { Api, ApiResponse } from './api.js';

const TRIES = 20;
const PAUSE_MS = 250;

/**
 * Posts as a client does who wants it done: what is answered 503, as when a crowd waits too long for the connections of
 * one tenant, is sent again with the same idempotency key. The answer has to say when.
 */
export async function postPatiently(api: Api, path: string, body?: unknown): Promise<ApiResponse> {
  const headers = { 'idempotency-key': randomUUID() };
  for (let tried = 1; ; tried++) {
    const answer = await api.post(path, body, headers);
    if (answer.status !== 503 || tried === TRIES) return answer;
    if (!answer.headers.has('retry-after')) throw new Error(`${path} is answered 503 without Retry-After.`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
