import type { ApiKey } from '@nova/prisma-central';

import { PERMISSIONS } from '../../platform/access/permissions.js';
import { notFound } from '../../platform/errors/common-errors.js';
import { type BeforeCommit, nothingMore } from '../../tenancy/central/before-commit.js';
import type { CentralTransaction } from '../../tenancy/central/central-database.js';
import { announce } from '../../tenancy/central/changes.js';
import type { Mode } from '../../tenancy/tenant-context.js';
import type { Caller } from '../audit/caller.js';
import { recordAudit } from '../audit/record-audit.js';
import type { IdentityDeps } from '../auth/identity-deps.js';
import { apiKeyNotActive } from './api-keys.errors.js';
import { apiKeyStatus } from './api-key-status.js';
import { insertApiKey, type NewApiKey } from './insert-api-key.js';

/** Long enough to deploy the new key everywhere. */
export const OVERLAP_SECONDS_MAX = 7 * 86_400;

/**
 * Replaces a key by a new one that may do the same. The old one stays good for the overlap, or ends at once when
 * there is none; it never lives longer than it would have. A key that was made for a limited time is replaced by one
 * that lives as long from now.
 * @throws not_found, api_key_not_active
 */
export async function rollApiKey(
  deps: IdentityDeps,
  caller: Caller,
  input: { id: string; expireOldInSeconds: number },
  beforeCommit: BeforeCommit<NewApiKey> = nothingMore,
): Promise<NewApiKey> {
  return deps.central.$transaction(async (tx) => {
    const old = await lockApiKey(tx, caller.tenantId, input.id);
    const now = deps.clock.now();
    if (apiKeyStatus(old, now) !== 'active') throw apiKeyNotActive('Only an active key can be rolled.');
    if (old.rolledToId)
      throw apiKeyNotActive('The key has been rolled already; it lives on for its overlap only.');
    const made = await insertApiKey(tx, deps, caller, {
      name: old.name,
      mode: old.mode as Mode,
      kind: old.kind === 'secret' ? 'secret' : 'restricted',
      scopes: PERMISSIONS.filter((permission) => old.scopes.includes(permission)),
      expiresAt:
        old.expiresAt && new Date(now.getTime() + (old.expiresAt.getTime() - old.createdAt.getTime())),
    });
    await endOld(tx, { old, made, endsAt: endOf(old, now, input.expireOldInSeconds), now });
    await recordAudit(tx, caller, {
      action: 'api_key.rolled',
      target: { type: 'api_key', id: old.id },
      after: { rolledToId: made.row.id, expireOldInSeconds: input.expireOldInSeconds },
    });
    await beforeCommit(tx, made);
    return made;
  });
}

/** Reads a key of the tenant under its row's lock, so that it is rolled or revoked once. */
async function lockApiKey(tx: CentralTransaction, tenantId: string, id: string): Promise<ApiKey> {
  await tx.$queryRaw`SELECT id FROM api_keys WHERE id = ${id} AND tenant_id = ${tenantId} FOR UPDATE`;
  const row = await tx.apiKey.findFirst({ where: { id, tenantId } });
  if (!row) throw notFound('There is no such API key.');
  return row;
}

function endOf(old: ApiKey, now: Date, overlapSeconds: number): Date {
  const end = new Date(now.getTime() + overlapSeconds * 1_000);
  return old.expiresAt && old.expiresAt < end ? old.expiresAt : end;
}

async function endOld(
  tx: CentralTransaction,
  { old, made, endsAt, now }: { old: ApiKey; made: NewApiKey; endsAt: Date; now: Date },
): Promise<void> {
  const end = endsAt <= now ? { revokedAt: now } : { expiresAt: endsAt };
  await tx.apiKey.update({ where: { id: old.id }, data: { ...end, rolledToId: made.row.id } });
  await announce(tx, { kind: 'api_key', keyId: old.id, hash: old.hash });
}
