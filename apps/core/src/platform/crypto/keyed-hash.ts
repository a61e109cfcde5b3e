import { createHmac, hkdfSync } from 'node:crypto';

/** What a hash is for. Each purpose has a key of its own, so that a value of one place means nothing in another. */
export type HashPurpose =
  | 'api-key'
  | 'refresh-token'
  | 'refresh-rotation'
  | 'invitation'
  | 'idempotency'
  | 'provider-key'
  | 'provider-webhook'
  | 'hosted-page';

/**
 * HMAC-SHA-256 with a key derived from the installation's hash key (HKDF). For random credentials this is the right
 * storage: they need no slow hash, and a copy of the database without the master key cannot be used to test guesses.
 */
export class KeyedHash {
  private readonly key: Buffer;

  constructor(hashKey: Buffer, purpose: HashPurpose) {
    this.key = Buffer.from(hkdfSync('sha256', hashKey, 'novabilling', `keyed-hash:${purpose}`, 32));
  }

  /** The hash as 43 characters of base64url. */
  of(value: string): string {
    return createHmac('sha256', this.key).update(value, 'utf8').digest('base64url');
  }
}
