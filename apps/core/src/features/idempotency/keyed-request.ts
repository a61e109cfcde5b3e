import type { ExecutionContext } from '@nestjs/common';

import type { KeyedHash } from '../../platform/crypto/keyed-hash.js';
import type { NovaRequest } from '../../platform/http/request.js';
import type { Actor, TenantContext } from '../../tenancy/tenant-context.js';
import type { AccountContext } from '../auth/account-context.js';
import { canonicalContent } from './fingerprint.js';

/** A request with an Idempotency-Key, as its record names it. */
export interface KeyedRequest {
  /** Whose keys are told apart from whose. */
  readonly scope: string;
  readonly key: string;
  readonly route: string;
  /** A keyed hash of all that was asked: bodies may hold passwords, and a plain hash of one can be guessed at. */
  readonly requestHash: string;
}

/**
 * Reads what identifies a request. The same request means the same operation, path, query, body and mode; keys are
 * told apart by who asks, see `tenantScope`, on account routes the person at that tenant, and on public routes, where
 * nobody is known, by the content itself: who repeats a key with other content there is somebody else.
 */
export function keyedRequest(
  execution: ExecutionContext,
  key: string,
  { hash, kept }: { hash: KeyedHash; kept: 'with_tenant' | 'in_central' },
): KeyedRequest {
  const request = execution.switchToHttp().getRequest<NovaRequest>();
  const ctx = request.tenantContext as TenantContext | undefined;
  const account = request.accountContext as AccountContext | undefined;
  const route = `${request.method} ${request.routeOptions.url ?? ''}`;
  const { params, query, body } = request;
  const requestHash = hash.of(canonicalContent({ route, mode: ctx?.mode ?? null, params, query, body }));
  if (ctx) {
    const scope = tenantScope(ctx.actor);
    // In central the keys of all tenants lie beside each other.
    const place = kept === 'in_central' ? `${ctx.tenantId}:${ctx.databaseId}:` : '';
    return { scope: `${place}${scope}`, key, route, requestHash };
  }
  const scope = account ? `${account.tenantId}:${account.actor.id}` : `public:${requestHash}`;
  return { scope, key, route, requestHash };
}

/**
 * All API keys of a tenant's mode share one scope, so that a program whose key was rolled between two tries still gets
 * the answer to the first. A person has a scope of his own: another person's answer is never replayed to him.
 */
function tenantScope(actor: Actor): string {
  return actor.type === 'user' ? actor.id : 'api_key';
}
