import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import type { Observable } from 'rxjs';

import { invalidRequest } from '../errors/common-errors.js';
import type { FieldProblem } from '../errors/define-error.js';
import type { NovaRequest } from './request.js';
import { pointerOf } from './scan-json.js';

const PROBLEMS_MAX = 50;

/**
 * Refuses a body or query that the route does not take at all. Where a route takes one, its schema is strict; without
 * this, a caller who sends a filter to a route that has none would believe that it was heeded.
 */
@Injectable()
export class UndeclaredInputInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<NovaRequest>();
    const declared = declaredInputs(context);
    const problems = [
      ...(declared.has(RouteParamtypes.QUERY) ? [] : undeclaredKeys(request.query, (key) => `?${key}`)),
      ...(declared.has(RouteParamtypes.BODY) ? [] : undeclaredKeys(request.body, (key) => pointerOf([key]))),
    ];
    if (problems.length > 0)
      throw invalidRequest('The request has keys that this route does not take.', { errors: problems });
    return next.handle();
  }
}

/** The kinds of input that the handler's parameters take. Nest keys this metadata as `<kind>:<position>`. */
function declaredInputs(context: ExecutionContext): Set<number> {
  const handler = context.getHandler().name;
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), handler) ?? {}) as object;
  return new Set(Object.keys(args).map((key) => Number(key.split(':', 1)[0])));
}

function undeclaredKeys(input: unknown, pointer: (key: string) => string): FieldProblem[] {
  if (input === undefined || input === null) return [];
  const message = 'This route takes nothing of the kind';
  if (typeof input !== 'object') return [{ pointer: '', code: 'unknown_key', message }];
  return Object.keys(input)
    .slice(0, PROBLEMS_MAX)
    .map((key) => ({ pointer: pointer(key), code: 'unknown_key', message }));
}
