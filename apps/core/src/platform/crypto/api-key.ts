import { crc32 } from 'node:zlib';

import { randomBase62, toBase62 } from './base62.js';

/** `secret` keys (sk_) may do all that a key may; `restricted` ones (rk_) what their scopes say. */
export const API_KEY_KINDS = ['secret', 'restricted'] as const;
export type ApiKeyKind = (typeof API_KEY_KINDS)[number];

/** What a key tells about itself before anything is looked up. */
export interface ApiKeyParts {
  kind: ApiKeyKind;
  mode: 'test' | 'live';
}

const PREFIXES: Readonly<Record<ApiKeyKind, string>> = { secret: 'sk', restricted: 'rk' };
const RANDOM_LENGTH = 30;
/** 62^6 is over 2^32, so six characters hold any CRC32. */
const CHECKSUM_LENGTH = 6;
const FORMAT = /^(sk|rk)_(live|test)_[0-9A-Za-z]{36}$/;

function checksumOf(keyWithoutChecksum: string): string {
  return toBase62(crc32(keyWithoutChecksum), CHECKSUM_LENGTH);
}

/**
 * A new key such as `sk_test_` and 36 characters: 30 random ones (178 bits) and a CRC32 of all that precedes it,
 * so that secret scanners and the guard tell a mistyped or invented key without asking a database.
 */
export function makeApiKey({ kind, mode }: ApiKeyParts): string {
  const body = `${PREFIXES[kind]}_${mode}_${randomBase62(RANDOM_LENGTH)}`;
  return body + checksumOf(body);
}

/** Whether a credential claims to be an API key: the guard then reads it as nothing else. */
export function looksLikeApiKey(credential: string): boolean {
  return /^(sk|rk)_/.test(credential);
}

/** What a well-formed key says of itself, or null when its shape or checksum is wrong. */
export function readApiKey(key: string): ApiKeyParts | null {
  const match = FORMAT.exec(key);
  if (!match) return null;
  const body = key.slice(0, -CHECKSUM_LENGTH);
  if (checksumOf(body) !== key.slice(-CHECKSUM_LENGTH)) return null;
  return { kind: match[1] === 'sk' ? 'secret' : 'restricted', mode: match[2] === 'live' ? 'live' : 'test' };
}

/** What may be shown of a key after its creation: `sk_test_…k3X9`. */
export function apiKeyHint(key: string): string {
  return `${key.slice(0, 8)}…${key.slice(-4)}`;
}
