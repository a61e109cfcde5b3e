import type { ApiKey } from '@nova/prisma-central';

import type { Permission } from '../../platform/access/permissions.js';
import { apiKeyHint, type ApiKeyKind, makeApiKey } from '../../platform/crypto/api-key.js';
import { newId } from '../../platform/ids/new-id.js';
import type { CentralTransaction } from '../../tenancy/central/central-database.js';
import type { Mode } from '../../tenancy/tenant-context.js';
import type { Caller } from '../audit/caller.js';
import { recordAudit } from '../audit/record-audit.js';
import type { IdentityDeps } from '../auth/identity-deps.js';

export interface ApiKeyInput {
  name: string;
  mode: Mode;
  kind: ApiKeyKind;
  /** What a restricted key may do; a secret key has none and may do all that keys may. */
  scopes: readonly Permission[];
  expiresAt: Date | null;
}

/** A key just made. Its text exists in clear only here, to be shown once. */
export interface NewApiKey {
  row: ApiKey;
  key: string;
}

/** Makes a key and stores its keyed hash, in the transaction of whatever it is made for. */
export async function insertApiKey(
  tx: CentralTransaction,
  deps: Pick<IdentityDeps, 'hashes' | 'clock'>,
  caller: Caller,
  input: ApiKeyInput,
): Promise<NewApiKey> {
  const { name, mode, kind, expiresAt } = input;
  const key = makeApiKey({ kind, mode });
  const row = await tx.apiKey.create({
    data: {
      id: newId('key'),
      tenantId: caller.tenantId,
      mode,
      kind,
      name,
      hint: apiKeyHint(key),
      hash: deps.hashes.apiKey.of(key),
      scopes: [...input.scopes],
      createdBy: caller.actor.id,
      createdAt: deps.clock.now(),
      expiresAt,
    },
  });
  await recordAudit(tx, caller, {
    action: 'api_key.created',
    target: { type: 'api_key', id: row.id },
    after: { name, mode, kind, scopes: row.scopes, expiresAt: expiresAt?.toISOString() ?? null },
  });
  return { row, key };
}
