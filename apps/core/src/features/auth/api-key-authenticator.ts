import { KEY_PERMISSIONS, type Permission } from '../../platform/access/permissions.js';
import type { Clock } from '../../platform/clock/clock.js';
import { readApiKey } from '../../platform/crypto/api-key.js';
import type { KeyedHash } from '../../platform/crypto/keyed-hash.js';
import type { Mode } from '../../tenancy/tenant-context.js';

/** What is known of a key that is not revoked. */
export interface KnownApiKey {
  readonly id: string;
  readonly tenantId: string;
  readonly mode: Mode;
  readonly permissions: ReadonlySet<Permission>;
  readonly expiresAt: Date | null;
}

/** Where keys are found by their hash: central, by way of a cache. */
export type FindApiKey = (hash: string) => Promise<KnownApiKey | null>;

/** Tells whose key it is. A text with a wrong shape or checksum is refused before anything is looked up. */
export class ApiKeyAuthenticator {
  constructor(
    private readonly hash: KeyedHash,
    private readonly clock: Clock,
    private readonly find: FindApiKey,
  ) {}

  async authenticate(key: string): Promise<KnownApiKey | null> {
    const parts = readApiKey(key);
    if (!parts) return null;
    const known = await this.find(this.hash.of(key));
    // The expiry is looked at each time, not only when the key is read: it passes without a change to hear of.
    if (!known || (known.expiresAt && known.expiresAt <= this.clock.now())) return null;
    return known.mode === parts.mode ? known : null;
  }
}

const EVERY_KEY_PERMISSION: ReadonlySet<Permission> = new Set(KEY_PERMISSIONS);

/** What a key may do: a secret key all that keys may, a restricted one those of its scopes that keys may have. */
export function permissionsOfKey(row: { kind: string; scopes: readonly string[] }): ReadonlySet<Permission> {
  if (row.kind === 'secret') return EVERY_KEY_PERMISSION;
  return new Set(KEY_PERMISSIONS.filter((permission) => row.scopes.includes(permission)));
}
