import type { Session } from '@nova/prisma-central';

import { newId } from '../../platform/ids/new-id.js';
import type { CentralTransaction } from '../../tenancy/central/central-database.js';
import type { RequestOrigin } from '../audit/request-origin.js';
import type { IdentityDeps } from './identity-deps.js';
import { firstRefreshToken } from './refresh-token.js';

const DAY_MS = 86_400_000;
/** How long the row of a session that has ended stays, for whoever looks into what happened. */
const KEEP_ENDED_MS = 30 * DAY_MS;

/** A session and its tokens, which exist in clear only here. */
export interface SessionTokens {
  session: Session;
  accessToken: string;
  refreshToken: string;
}

/** When a session ends unless it is used before. */
export function sessionExpiry(deps: Pick<IdentityDeps, 'clock' | 'config'>): Date {
  return new Date(deps.clock.now().getTime() + deps.config.refreshTokenTtlDays * DAY_MS);
}

/** Opens a session of a user at one tenant, and clears away his long ended ones. */
export async function openSession(
  tx: CentralTransaction,
  deps: IdentityDeps,
  origin: RequestOrigin,
  who: { userId: string; tenantId: string },
): Promise<SessionTokens> {
  const now = deps.clock.now();
  await tx.session.deleteMany({
    where: { userId: who.userId, expiresAt: { lt: new Date(now.getTime() - KEEP_ENDED_MS) } },
  });
  const id = newId('ses');
  const refreshToken = firstRefreshToken(id);
  const session = await tx.session.create({
    data: {
      id,
      userId: who.userId,
      tenantId: who.tenantId,
      refreshHash: deps.hashes.refreshToken.of(refreshToken),
      userAgent: origin.userAgent,
      ipAddress: origin.ip,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: sessionExpiry(deps),
    },
  });
  return { session, refreshToken, accessToken: accessTokenOf(deps, session) };
}

/** A short-lived token for a session that is known to live. */
export function accessTokenOf(deps: Pick<IdentityDeps, 'accessTokens'>, session: Session): string {
  const { id, userId, tenantId } = session;
  return deps.accessTokens.issue({ sessionId: id, userId, tenantId });
}
