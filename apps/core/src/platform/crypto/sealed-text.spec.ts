import { randomBytes } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { masterKeyId, openSealedText, readSealedText, SealedTextError, sealText } from './sealed-text.js';

const key = { id: 'dk_1', bytes: randomBytes(32) };
const seal = (plain: string, aad = 'ten_1') => sealText('v2', key, plain, aad);
const open = (text: string, aad = 'ten_1', bytes = key.bytes) =>
  openSealedText(readSealedText(text), bytes, aad).toString('utf8');

describe('a sealed text', () => {
  it.each(['', 'p', 'a password', '₦ and GH₵ 🔐', 'x'.repeat(10_000)])(
    'gives back what was sealed (%#)',
    (plain) => {
      expect(open(seal(plain))).toBe(plain);
    },
  );

  it('is another each time, and names its version and key', () => {
    const sealed = seal('secret');
    expect(sealed).toMatch(/^v2\.dk_1\.[\w-]{16}\.[\w-]{22}\.[\w-]+$/);
    expect(seal('secret')).not.toBe(sealed);
    expect(sealed).not.toContain('secret');
  });

  it('opens for its owner only', () => {
    expect(() => open(seal('secret'), 'ten_2')).toThrow(SealedTextError);
  });

  it('opens with its key only', () => {
    expect(() => open(seal('secret'), 'ten_1', randomBytes(32))).toThrow(SealedTextError);
  });

  it.each([2, 3, 4])('notices a change of part %i', (index) => {
    const parts = seal('secret').split('.');
    const changed = parts.map((part, at) =>
      at === index ? (part.startsWith('A') ? 'B' : 'A') + part.slice(1) : part,
    );
    expect(() => open(changed.join('.'))).toThrow(SealedTextError);
  });

  it.each(['', '-', 'v3.dk_1.a.b.c', 'v2.dk_1.a.b', 'v2.dk_1.a.b.c', 'v2..a.b.c', `${seal('x')}.more`])(
    'is not %j',
    (text) => {
      expect(() => open(text)).toThrow(SealedTextError);
    },
  );

  it('is not made with a key of another length', () => {
    expect(() => sealText('v2', { id: 'dk_1', bytes: randomBytes(16) }, 'x', 'a')).toThrow(/32 bytes/);
  });

  it('names master keys as it always has, so that old texts find theirs', () => {
    expect(masterKeyId(Buffer.alloc(32, 7))).toBe('4bb06f8e');
  });
});
