import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
export const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** A sealed text cannot be opened: its key is not here, it was made for another owner, or it was changed. */
export class SealedTextError extends Error {
  override readonly name = 'SealedTextError';
}

/**
 * What a text was sealed with: `v1` is the master key itself, as the first release did; `v2` a data key; `w1` marks a
 * data key that the master key wraps.
 */
export type SealVersion = 'v1' | 'v2' | 'w1';

/** A key that seals, and what it is called. */
export interface SealKey {
  readonly id: string;
  readonly bytes: Buffer;
}

/** What can be read of a sealed text without its key. */
export interface SealedText {
  readonly version: SealVersion;
  readonly keyId: string;
  readonly iv: Buffer;
  readonly tag: Buffer;
  readonly ciphertext: Buffer;
}

/**
 * Seals `plain` with AES-256-GCM as `<version>.<keyId>.<iv>.<tag>.<ciphertext>`. Only who names the same `aad` can open
 * it: a sealed text moved to another row opens nothing.
 */
export function sealText(version: SealVersion, key: SealKey, plain: string | Buffer, aad: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, checkedKey(key.bytes), iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(aad, 'utf8'));
  const ciphertext = Buffer.concat([cipher.update(Buffer.from(plain)), cipher.final()]);
  const parts = [iv, cipher.getAuthTag(), ciphertext].map((part) => part.toString('base64url'));
  return [version, key.id, ...parts].join('.');
}

/** @throws SealedTextError when it is none */
export function readSealedText(text: string): SealedText {
  const [version, keyId, iv, tag, ciphertext, ...rest] = text.split('.');
  const known = version === 'v1' || version === 'v2' || version === 'w1';
  if (!known || !keyId || !iv || !tag || ciphertext === undefined || rest.length > 0) {
    throw new SealedTextError('This is not a sealed secret.');
  }
  const [ivBytes, tagBytes, body] = [iv, tag, ciphertext].map((part) => Buffer.from(part, 'base64url'));
  if (ivBytes?.length !== IV_BYTES || tagBytes?.length !== TAG_BYTES || !body) {
    throw new SealedTextError('This is not a sealed secret.');
  }
  return { version, keyId, iv: ivBytes, tag: tagBytes, ciphertext: body };
}

/** @throws SealedTextError */
export function openSealedText(sealed: SealedText, key: Buffer, aad: string): Buffer {
  try {
    const decipher = createDecipheriv(CIPHER, checkedKey(key), sealed.iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(aad, 'utf8'));
    decipher.setAuthTag(sealed.tag);
    return Buffer.concat([decipher.update(sealed.ciphertext), decipher.final()]);
  } catch (cause) {
    throw new SealedTextError('The sealed secret was changed, or belongs to something else.', { cause });
  }
}

/** What a master key is called in what it has sealed: enough to find it again, and nothing of the key itself. */
export function masterKeyId(key: Buffer): string {
  return createHash('sha256').update(checkedKey(key)).digest('hex').slice(0, 8);
}

function checkedKey(key: Buffer): Buffer {
  if (key.length !== KEY_BYTES) throw new Error(`A key that seals has ${KEY_BYTES} bytes.`);
  return key;
}
