import { idempotencyKeyInvalid } from './idempotency.errors.js';

export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key';

/** Says of an answer that it was given before, to an earlier request with the same key. */
export const REPLAYED_HEADER = 'idempotent-replayed';

export const IDEMPOTENCY_KEY_LENGTH_MAX = 255;

const PRINTABLE = /^[\x20-\x7e]+$/;

/**
 * What a route does about the header: `transactional`, the default, stores the answer in the transaction of the
 * effect; `resumable` is for what cannot be one transaction, and takes up what an earlier request had begun;
 * `sealed` is the same for routes of a tenant's database whose answers show a secret: it is kept in central, sealed;
 * `ignored` is for routes where a stored answer would do harm, or whose repetition does none.
 */
export type IdempotencyPolicy = 'transactional' | 'resumable' | 'sealed' | 'ignored';

/**
 * The key that a request names; null when it names none.
 * @throws idempotency_key_invalid
 */
export function parseIdempotencyKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null;
  if (typeof header === 'string' && header.length <= IDEMPOTENCY_KEY_LENGTH_MAX && PRINTABLE.test(header)) {
    return header;
  }
  throw idempotencyKeyInvalid(
    `The header Idempotency-Key takes 1 to ${IDEMPOTENCY_KEY_LENGTH_MAX} printable ASCII characters.`,
  );
}
