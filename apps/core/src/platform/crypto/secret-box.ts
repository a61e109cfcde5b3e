import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

import type { Config } from '../config/config.schema.js';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A sealed text cannot be opened: it was made with a key that is not here, for another owner, or was changed. */
export class SecretBoxError extends Error {
  override readonly name = 'SecretBoxError';
}

/**
 * Seals secrets that are kept in a database, as `v1.<keyId>.<iv>.<tag>.<ciphertext>`. The first key seals; every key
 * opens what it has sealed, so that keys can be changed without a moment at which nothing opens.
 */
export class SecretBox {
  private readonly keys = new Map<string, Buffer>();
  private readonly sealingKeyId: string;

  constructor(keys: readonly Buffer[]) {
    const [sealingKey] = keys;
    if (!sealingKey) throw new Error('A secret box needs a key.');
    for (const key of keys) {
      if (key.length !== KEY_BYTES) throw new Error(`A key of a secret box has ${KEY_BYTES} bytes.`);
      this.keys.set(keyIdOf(key), key);
    }
    this.sealingKeyId = keyIdOf(sealingKey);
  }

  /** Seals `plain`. Only who names the same `aad` can open it: a sealed text moved to another row opens nothing. */
  seal(plain: string, aad: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, this.key(this.sealingKeyId), iv, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(aad, 'utf8'));
    const ciphertext = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
    const parts = [iv, cipher.getAuthTag(), ciphertext].map((part) => part.toString('base64url'));
    return ['v1', this.sealingKeyId, ...parts].join('.');
  }

  /** @throws SecretBoxError */
  open(sealed: string, aad: string): string {
    const [version, keyId, iv, tag, ciphertext, ...rest] = sealed.split('.');
    if (version !== 'v1' || !keyId || !iv || !tag || ciphertext === undefined || rest.length > 0) {
      throw new SecretBoxError('This is not a sealed secret.');
    }
    const key = this.key(keyId);
    try {
      const decipher = createDecipheriv(CIPHER, key, Buffer.from(iv, 'base64url'), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(aad, 'utf8'));
      decipher.setAuthTag(Buffer.from(tag, 'base64url'));
      const plain = Buffer.concat([decipher.update(Buffer.from(ciphertext, 'base64url')), decipher.final()]);
      return plain.toString('utf8');
    } catch (cause) {
      throw new SecretBoxError('The sealed secret was changed, or belongs to something else.', { cause });
    }
  }

  private key(keyId: string): Buffer {
    const key = this.keys.get(keyId);
    if (!key) throw new SecretBoxError(`The secret was sealed with key ${keyId}, which is not configured.`);
    return key;
  }
}

/** The secret box of this installation. */
export function secretBoxOf(config: Pick<Config, 'encryptionKey'>): SecretBox {
  return new SecretBox([config.encryptionKey]);
}

function keyIdOf(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}
