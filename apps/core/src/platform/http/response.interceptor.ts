import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  StreamableFile,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';

import { ENDPOINT, type EndpointOptions, isBinary } from './endpoint.decorator.js';
import { etagOf } from './if-match.js';

/**
 * Sends what the endpoint's schema names and nothing else. An answer that its schema refuses is a fault of ours and
 * fails with 500: better no answer than one that leaks or lies. An object with a `version` gets its ETag.
 */
@Injectable()
export class ResponseInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const options = this.reflector.get<EndpointOptions | undefined>(ENDPOINT, context.getHandler());
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(map((answer: unknown) => serializeAnswer(options, answer, reply)));
  }
}

/** What goes over the wire of a handler's answer; sets its ETag. Fails when the endpoint's schema refuses it. */
export function serializeAnswer(
  options: EndpointOptions | undefined,
  answer: unknown,
  reply: FastifyReply,
): unknown {
  const returns = options?.returns;
  if (answer instanceof StreamableFile || isBinary(returns)) return answer;
  if (!returns) return undefined;
  const parsed = returns.safeParse(answer);
  if (!parsed.success) {
    const places = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The answer of "${options.summary}" is not as its schema says: ${places.join('; ')}`);
  }
  const version = versionOf(answer);
  if (version !== null) void reply.header('etag', etagOf(version));
  return parsed.data;
}

function versionOf(answer: unknown): number | null {
  const version =
    typeof answer === 'object' && answer !== null && 'version' in answer ? answer.version : null;
  return typeof version === 'number' && Number.isSafeInteger(version) ? version : null;
}
