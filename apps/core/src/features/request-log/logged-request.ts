import type { FastifyReply } from 'fastify';

import { newId } from '../../platform/ids/new-id.js';
import type { NovaRequest } from '../../platform/http/request.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { originOf } from '../auth/account-context.js';
import { loggedPath } from './logged-path.js';

/** A row of `request_log`, by the names of its columns. Neither bodies nor credentials are in it. */
export interface LoggedRequest {
  readonly id: string;
  readonly request_id: string;
  readonly method: string;
  readonly path: string;
  readonly route: string;
  readonly status: number;
  readonly error_code: string | null;
  readonly actor_type: string;
  readonly actor_id: string;
  readonly ip_address: string | null;
  readonly user_agent: string | null;
  readonly idempotency_key: string | null;
  readonly duration_ms: number;
  readonly created_at: string;
}

const IDEMPOTENCY_KEY_LENGTH_MAX = 255;

/** What is written of a request that has been answered at `now`. Its own moment is that of its arrival. */
export function loggedRequest(
  { request, reply, now }: { request: NovaRequest; reply: FastifyReply; now: Date },
  ctx: TenantContext,
): LoggedRequest {
  const { ip, userAgent } = originOf(request);
  const idempotencyKey = request.headers['idempotency-key'];
  return {
    id: newId('rql'),
    request_id: request.id,
    method: request.method,
    path: loggedPath(request.originalUrl || request.url),
    route: request.routeOptions.url ?? '',
    status: reply.statusCode,
    error_code: request.problemCode ?? null,
    actor_type: ctx.actor.type,
    actor_id: ctx.actor.id,
    ip_address: ip,
    user_agent: userAgent,
    idempotency_key:
      typeof idempotencyKey === 'string' ? idempotencyKey.slice(0, IDEMPOTENCY_KEY_LENGTH_MAX) : null,
    duration_ms: Math.round(reply.elapsedTime),
    created_at: new Date(now.getTime() - reply.elapsedTime).toISOString(),
  };
}
