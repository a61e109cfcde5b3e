import { notFound } from '../../platform/errors/common-errors.js';
import { announce } from '../../tenancy/central/changes.js';
import type { Caller } from '../audit/caller.js';
import { recordAudit } from '../audit/record-audit.js';
import type { IdentityDeps } from '../auth/identity-deps.js';

/**
 * Ends a key for good, in every process within moments. Revoking one that is revoked changes nothing.
 * @throws not_found
 */
export async function revokeApiKey(deps: IdentityDeps, caller: Caller, id: string): Promise<void> {
  const { tenantId } = caller;
  await deps.central.$transaction(async (tx) => {
    const [revoked] = await tx.apiKey.updateManyAndReturn({
      where: { id, tenantId, revokedAt: null },
      data: { revokedAt: deps.clock.now() },
    });
    if (!revoked) {
      const known = await tx.apiKey.findFirst({ where: { id, tenantId }, select: { id: true } });
      if (!known) throw notFound('There is no such API key.');
      return;
    }
    await announce(tx, { kind: 'api_key', keyId: id, hash: revoked.hash });
    await recordAudit(tx, caller, {
      action: 'api_key.revoked',
      target: { type: 'api_key', id },
      before: { name: revoked.name, mode: revoked.mode },
    });
  });
}
