import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

import type { NovaRequest } from './request.js';

/** The tenant's context, opened by the guard for this request: `@Ctx() ctx: TenantContext`. */
export const Ctx = createParamDecorator((_: unknown, execution: ExecutionContext): unknown =>
  given(requestOf(execution).tenantContext, 'tenant context'),
);

function requestOf(execution: ExecutionContext): NovaRequest {
  return execution.switchToHttp().getRequest<NovaRequest>();
}

function given(value: unknown, name: string): unknown {
  if (value === undefined) throw new Error(`The route asks for a ${name}, which its access does not give.`);
  return value;
}
