import { Inject, Injectable } from '@nestjs/common';

import { ROLE_PERMISSIONS } from '../../platform/access/permissions.js';
import { looksLikeApiKey } from '../../platform/crypto/api-key.js';
import { ChangeListener } from '../../tenancy/central/changes.js';
import { WatchedCache } from '../../tenancy/central/watched-cache.js';
import type { Actor, Mode } from '../../tenancy/tenant-context.js';
import { ApiKeyAuthenticator, type KnownApiKey, permissionsOfKey } from './api-key-authenticator.js';
import { refuseCredential } from './auth.errors.js';
import { IDENTITY, type IdentityDeps } from './identity-deps.js';
import { type KnownMembership, type KnownSession, readMembership, readSession } from './read-credentials.js';

/** Whose request it is. A key has its mode; a person chooses one with each request. */
export interface Identity {
  readonly tenantId: string;
  readonly actor: Exclude<Actor, { type: 'operator' | 'system' }>;
  readonly mode: Mode | null;
}

/** Nothing is believed longer than this, even if no change is heard of. */
const CACHE_TTL_MS = 30_000;
const CACHE_ENTRIES_MAX = 20_000;

/**
 * Tells whose credential it is. What central says of keys, sessions and memberships is remembered for moments, and
 * forgotten in every process as soon as it changes.
 */
@Injectable()
export class Credentials {
  private readonly apiKeys: ApiKeyAuthenticator;
  private readonly sessions: WatchedCache<KnownSession>;
  private readonly memberships: WatchedCache<KnownMembership>;

  constructor(
    @Inject(IDENTITY) private readonly deps: IdentityDeps,
    changes: ChangeListener,
  ) {
    const limits = { max: CACHE_ENTRIES_MAX, ttlMs: CACHE_TTL_MS };
    const keys = new WatchedCache<KnownApiKey>(changes, {
      ...limits,
      keyOf: (change) => (change.kind === 'api_key' ? change.hash : null),
    });
    this.apiKeys = new ApiKeyAuthenticator(deps.hashes.apiKey, deps.clock, (hash) =>
      keys.get(hash, () => this.readApiKey(hash)),
    );
    this.sessions = new WatchedCache(changes, {
      ...limits,
      keyOf: (change) => (change.kind === 'session' ? change.sessionId : null),
    });
    this.memberships = new WatchedCache(changes, {
      ...limits,
      keyOf: (change) => (change.kind === 'member' ? membershipKey(change.tenantId, change.userId) : null),
    });
  }

  /**
   * @throws unauthenticated, with the same words for every reason
   */
  async identify(authorization: string | undefined): Promise<Identity> {
    const credential = /^Bearer +([^\s]+) *$/i.exec(authorization ?? '')?.[1];
    if (!credential) throw refuseCredential('Send an API key or an access token: `Authorization: Bearer …`.');
    if (looksLikeApiKey(credential)) {
      return (
        (await this.ofApiKey(credential)) ?? refuse('The API key is not valid: unknown, expired or revoked.')
      );
    }
    return (await this.ofAccessToken(credential)) ?? refuse('The access token is not valid or has expired.');
  }

  private async ofApiKey(key: string): Promise<Identity | null> {
    const known = await this.apiKeys.authenticate(key);
    if (!known) return null;
    const { id, tenantId, mode, permissions } = known;
    return { tenantId, mode, actor: { type: 'api_key', id, permissions } };
  }

  private async ofAccessToken(token: string): Promise<Identity | null> {
    const claims = this.deps.accessTokens.read(token);
    if (!claims) return null;
    const { userId, sessionId, tenantId } = claims;
    const [session, membership] = await Promise.all([
      this.sessions.get(sessionId, () => readSession(this.deps.central, sessionId)),
      this.memberships.get(membershipKey(tenantId, userId), () =>
        readMembership(this.deps.central, { tenantId, userId }),
      ),
    ]);
    if (!session || !membership) return null;
    if (session.userId !== userId || session.tenantId !== tenantId) return null;
    if (session.expiresAt <= this.deps.clock.now()) return null;
    const { role } = membership;
    const actor = { type: 'user', id: userId, sessionId, role, permissions: ROLE_PERMISSIONS[role] } as const;
    return { tenantId, mode: null, actor };
  }

  private async readApiKey(hash: string): Promise<KnownApiKey | null> {
    const row = await this.deps.central.apiKey.findUnique({ where: { hash } });
    if (!row || row.revokedAt) return null;
    const { id, tenantId, expiresAt } = row;
    const mode = row.mode === 'live' ? 'live' : 'test';
    return { id, tenantId, mode, expiresAt, permissions: permissionsOfKey(row) };
  }
}

function membershipKey(tenantId: string, userId: string): string {
  return `${tenantId}/${userId}`;
}

function refuse(detail: string): never {
  throw refuseCredential(detail);
}
