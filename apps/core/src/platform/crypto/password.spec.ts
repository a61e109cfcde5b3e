import bcrypt from 'bcrypt';
import { describe, expect, it, vi } from 'vitest';

import { fitsBcrypt, hashPassword, verifyPassword } from './password.js';

const cost = 4;

describe('passwords', () => {
  it('verify against their own hash only', async () => {
    const hash = await hashPassword('correct horse', cost);
    expect(await verifyPassword('correct horse', hash, cost)).toBe(true);
    expect(await verifyPassword('correct horsf', hash, cost)).toBe(false);
  });

  it('never verify without a hash', async () => {
    expect(await verifyPassword('anything', null, cost)).toBe(false);
  });

  it('count bytes, not characters: 24 three-byte characters fit, 25 do not', () => {
    expect(fitsBcrypt('₦'.repeat(24))).toBe(true);
    expect(fitsBcrypt('₦'.repeat(25))).toBe(false);
    expect(fitsBcrypt('a'.repeat(72))).toBe(true);
    expect(fitsBcrypt('a'.repeat(73))).toBe(false);
  });

  it('over 72 bytes are refused, at hashing and at verifying', async () => {
    await expect(hashPassword('a'.repeat(73), cost)).rejects.toThrow(RangeError);
    const hash = await hashPassword('a'.repeat(72), cost);
    expect(await verifyPassword('a'.repeat(72), hash, cost)).toBe(true);
    expect(await verifyPassword('a'.repeat(73), hash, cost)).toBe(false);
  });

  it('cost the same work for an unknown account as for a wrong password', async () => {
    const compare = vi.spyOn(bcrypt, 'compare');
    const hash = await hashPassword('correct horse', 6);
    expect(await verifyPassword('wrong', hash, 6)).toBe(false);
    expect(await verifyPassword('wrong', null, 6)).toBe(false);
    const rounds = compare.mock.calls.map(([, compared]) => bcrypt.getRounds(compared));
    expect(rounds).toEqual([6, 6]);
    compare.mockRestore();
  });
});
