import { type ExecutionContext, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

import { REPLAYED_HEADER } from '../../platform/http/idempotency-key.js';
import type { NovaRequest } from '../../platform/http/request.js';

/** An answer as it went out, or is about to. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** As text, so that a replay is the same to the byte; null when there is none. */
  readonly body: string | null;
}

/** An answer, and whether it was given before. */
export interface GivenAnswer {
  readonly answer: Answer;
  readonly isReplay: boolean;
}

/** What belongs to the answer itself. All other headers are of the moment: request id, limits, date. */
const KEPT_HEADERS = ['etag', 'location'] as const;

/** The answer of a handler that has just ended well. */
export function captureAnswer(execution: ExecutionContext, body: unknown): Answer {
  const http = execution.switchToHttp();
  const reply = http.getResponse<FastifyReply>();
  if (body instanceof StreamableFile) throw new Error('A file cannot be kept under an Idempotency-Key.');
  const status = http.getRequest<NovaRequest>().answerStatus ?? reply.statusCode;
  const headers: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = reply.getHeader(name);
    if (value !== undefined) headers[name] = String(value);
  }
  return { status, headers, body: textOf(body) };
}

/** The body as it goes over the wire. */
export function textOf(body: unknown): string | null {
  return body === undefined || body === null ? null : JSON.stringify(body);
}

/** Sets what an answer has beside its body, and returns the body for Nest to send. */
export function sendAnswer(execution: ExecutionContext, { answer, isReplay }: GivenAnswer): unknown {
  if (isReplay) {
    const http = execution.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    void reply.headers({ ...answer.headers, [REPLAYED_HEADER]: 'true' });
    http.getRequest<NovaRequest>().answerStatus = answer.status;
  }
  return answer.body === null ? undefined : (JSON.parse(answer.body) as unknown);
}
