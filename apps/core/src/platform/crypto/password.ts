import { randomBytes } from 'node:crypto';

import bcrypt from 'bcrypt';

export const PASSWORD_MIN_CHARACTERS = 10;
/** bcrypt ignores what comes after 72 bytes: two long passwords that differ only there would be one. */
export const PASSWORD_MAX_BYTES = 72;

/** Whether bcrypt takes the whole of the password into account. */
export function fitsBcrypt(password: string): boolean {
  return Buffer.byteLength(password, 'utf8') <= PASSWORD_MAX_BYTES;
}

/**
 * The bcrypt hash of a password.
 * @throws RangeError when it is over 72 bytes; callers check with `fitsBcrypt` to answer properly.
 */
export async function hashPassword(password: string, cost: number): Promise<string> {
  if (!fitsBcrypt(password)) throw new RangeError('The password is over 72 bytes.');
  return bcrypt.hash(password, cost);
}

const decoys = new Map<number, Promise<string>>();

/** A hash that no password matches, of the same cost as the real ones, made once a process. */
function decoyHash(cost: number): Promise<string> {
  const known = decoys.get(cost) ?? bcrypt.hash(randomBytes(32).toString('base64url'), cost);
  decoys.set(cost, known);
  return known;
}

/**
 * Whether the password is the right one. Without a hash (nobody has this e-mail address) it does the same work
 * and says no, so that the time taken does not tell who has an account.
 */
export async function verifyPassword(password: string, hash: string | null, cost: number): Promise<boolean> {
  const matches = await bcrypt.compare(password, hash ?? (await decoyHash(cost)));
  return matches && hash !== null && fitsBcrypt(password);
}
