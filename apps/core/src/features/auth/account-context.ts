import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Logger } from 'pino';

import type { NovaRequest } from '../../platform/http/request.js';
import type { Actor } from '../../tenancy/tenant-context.js';
import type { RequestOrigin } from '../audit/request-origin.js';

export type UserActor = Extract<Actor, { type: 'user' }>;

/** What the routes about the account itself work in: a tenant and who acts, but none of the tenant's databases. */
export interface AccountContext extends RequestOrigin {
  readonly tenantId: string;
  readonly actor: Exclude<Actor, { type: 'operator' | 'system' }>;
  readonly log: Logger;
}

/** The same where the access allows people only. */
export interface UserAccount extends AccountContext {
  readonly actor: UserActor;
}

/**
 * The account that the guard resolved: `@Account() account: AccountContext`. On routes whose access no API key can
 * have (`user`, and the permissions about the account) it is a `UserAccount`.
 */
export const Account = createParamDecorator((_: unknown, execution: ExecutionContext): unknown => {
  const account = execution.switchToHttp().getRequest<NovaRequest>().accountContext;
  if (account === undefined)
    throw new Error('The route asks for an account, which its access does not give.');
  return account;
});

/** Where a request comes from, on any route: `@Origin() origin: RequestOrigin`. */
export const Origin = createParamDecorator((_: unknown, execution: ExecutionContext): RequestOrigin =>
  originOf(execution.switchToHttp().getRequest<NovaRequest>()),
);

const USER_AGENT_LENGTH_MAX = 300;

/** Reads the origin off the request. What callers write about themselves is cut to a sensible length. */
export function originOf(request: NovaRequest): RequestOrigin {
  return {
    ip: request.ip,
    userAgent: request.headers['user-agent']?.slice(0, USER_AGENT_LENGTH_MAX) ?? null,
    requestId: request.id,
  };
}
