import { describe, expect, it } from 'vitest';

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

  it('take as long for an unknown account as for a wrong password', async () => {
    const hash = await hashPassword('correct horse', 8);
    await verifyPassword('warm up', null, 8);
    const measure = async (stored: string | null) => {
      const start = performance.now();
      for (let i = 0; i < 5; i++) await verifyPassword('wrong', stored, 8);
      return performance.now() - start;
    };
    const [unknown, wrong] = [await measure(null), await measure(hash)];
    expect(unknown / wrong).toBeGreaterThan(0.5);
    expect(unknown / wrong).toBeLessThan(2);
  });
});
