import { randomBytes } from 'node:crypto';

import bcrypt from 'bcrypt';

import { unavailable } from '../errors/common-errors.js';
import { BoundedWork } from './bounded-work.js';

export const PASSWORD_MIN_CHARACTERS = 10;
/** bcrypt ignores what comes after 72 bytes: two long passwords that differ only there would be one. */
export const PASSWORD_MAX_BYTES = 72;

/**
 * Each piece of bcrypt's work takes a core and one of Node's four worker threads for a quarter of a second, and anybody
 * may ask for it by logging in. Two at once leave threads for name look-ups and files; who would have to wait for
 * longer than some seconds is told to come back.
 */
const bcryptWork = new BoundedWork({
  atOnce: 2,
  waitingMax: 32,
  refusal: () =>
    unavailable('Too many passwords are being checked at once. Try again in a moment.', {
      headers: { 'retry-after': '2' },
    }),
});

/** Whether bcrypt takes the whole of the password into account. */
export function fitsBcrypt(password: string): boolean {
  return Buffer.byteLength(password, 'utf8') <= PASSWORD_MAX_BYTES;
}

/**
 * The bcrypt hash of a password.
 * @throws RangeError when it is over 72 bytes; callers check with `fitsBcrypt` to answer properly.
 * @throws unavailable when too many passwords are being worked on
 */
export async function hashPassword(password: string, cost: number): Promise<string> {
  if (!fitsBcrypt(password)) throw new RangeError('The password is over 72 bytes.');
  return bcryptWork.run(() => bcrypt.hash(password, cost));
}

const HASH_BYTES = 23;

/**
 * What looks like a hash of this cost and is none of any password: a salt, and chance where the hash would be. To compare
 * with it takes as long as with a real one, and to make it takes no time.
 */
function decoyHash(cost: number): string {
  // bcrypt's own Base64 has a dot for the plus.
  const hash = randomBytes(HASH_BYTES).toString('base64').replace('=', '').replaceAll('+', '.');
  return bcrypt.genSaltSync(cost) + hash;
}

/**
 * Whether the password is the right one. Without a hash (nobody has this e-mail address) it does the same work
 * and says no, so that the time taken does not tell who has an account.
 * @throws unavailable when too many passwords are being worked on
 */
export async function verifyPassword(password: string, hash: string | null, cost: number): Promise<boolean> {
  const compared = hash ?? decoyHash(cost);
  const matches = await bcryptWork.run(() => bcrypt.compare(password, compared));
  return matches && hash !== null && fitsBcrypt(password);
}
