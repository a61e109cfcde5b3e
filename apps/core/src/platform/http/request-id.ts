import type { IncomingMessage } from 'node:http';

import { newId } from '../ids/new-id.js';

export const REQUEST_ID_HEADER = 'request-id';

const CLIENT_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;

/** The id of a request: the caller's own, when it is one that can stand in logs and headers, else a new one. */
export function requestIdOf(request: Pick<IncomingMessage, 'headers'>): string {
  const header = request.headers[REQUEST_ID_HEADER];
  return typeof header === 'string' && CLIENT_ID.test(header) ? header : newId('req');
}
