import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import { malformedRequest, headersTooLarge, requestTimeout } from './http.errors.js';
import type { ProblemFactory } from '../errors/define-error.js';
import { newId } from '../ids/new-id.js';
import { PROBLEM_TYPE } from './problem-responses.js';
import { toWireProblem } from './problem.js';
import { REQUEST_ID_HEADER } from './request-id.js';

const BY_NODE_CODE: Readonly<Record<string, [ProblemFactory, string]>> = {
  HPE_HEADER_OVERFLOW: [headersTooLarge, 'The headers are larger than this server takes.'],
  ERR_HTTP_REQUEST_TIMEOUT: [requestTimeout, 'The request did not arrive in time.'],
};

/** Answers what is not HTTP at all, or not in time: there is no request to answer, so the bytes are written by hand. */
export function answerBrokenHttp(publicUrl: string, error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const [factory, detail] = BY_NODE_CODE[error.code ?? ''] ?? [
    malformedRequest,
    'This is not well-formed HTTP.',
  ];
  const requestId = newId('req');
  const body = JSON.stringify(toWireProblem(factory(detail), { publicUrl, requestId, instance: '' }));
  const head = [
    `HTTP/1.1 ${factory.status} ${STATUS_CODES[factory.status] ?? ''}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `${REQUEST_ID_HEADER}: ${requestId}`,
    'Connection: close',
  ];
  // Half-closing lets the answer arrive; whoever does not close his half in turn is cut off.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroySoon());
}
