import { invalidRequest } from '../../platform/errors/common-errors.js';
import { type BeforeCommit, nothingMore } from '../../tenancy/central/before-commit.js';
import type { CentralTransaction } from '../../tenancy/central/central-database.js';
import type { Caller } from '../audit/caller.js';
import type { IdentityDeps } from '../auth/identity-deps.js';
import { provisionDatabase } from '../auth/provision-database.js';
import { apiKeyLimit } from './api-keys.errors.js';
import { type ApiKeyInput, insertApiKey, type NewApiKey } from './insert-api-key.js';

/** Enough for every service and person of a tenant, and an end to what a script in a loop can make. */
const ACTIVE_KEYS_MAX = 100;

/**
 * Makes an API key. A tenant's first live key opens live mode: its live database is made before the key is, so a
 * failure leaves no key, and the same call again goes on where it stopped.
 * @throws provisioning_failed, no_database_server, api_key_limit, invalid_request for an expiry that has passed
 */
export async function createApiKey(
  deps: IdentityDeps,
  caller: Caller,
  input: ApiKeyInput,
  beforeCommit: BeforeCommit<NewApiKey> = nothingMore,
): Promise<NewApiKey> {
  refuseLapsed(deps, input.expiresAt);
  if (input.mode === 'live') await provisionDatabase(deps, caller.tenantId, 'live');
  return deps.central.$transaction(async (tx) => {
    await refuseTooMany(tx, deps, caller.tenantId);
    const made = await insertApiKey(tx, deps, caller, input);
    await beforeCommit(tx, made);
    return made;
  });
}

function refuseLapsed(deps: IdentityDeps, expiresAt: Date | null): void {
  if (!expiresAt || expiresAt > deps.clock.now()) return;
  throw invalidRequest('The key would have expired already.', {
    errors: [{ pointer: '/expiresAt', code: 'too_small', message: 'must be in the future' }],
  });
}

async function refuseTooMany(tx: CentralTransaction, deps: IdentityDeps, tenantId: string): Promise<void> {
  const active = await tx.apiKey.count({
    where: { tenantId, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: deps.clock.now() } }] },
  });
  if (active >= ACTIVE_KEYS_MAX)
    throw apiKeyLimit(`There are ${active} active keys. Revoke those not in use.`);
}
