import { randomBytes } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { SecretBox, SecretBoxError } from './secret-box.js';

const key = randomBytes(32);
const box = new SecretBox([key]);

describe('a secret box', () => {
  it.each(['', 'p', 'a password', '₦ and GH₵ 🔐', 'x'.repeat(10_000)])(
    'gives back what was sealed (%#)',
    (plain) => {
      expect(box.open(box.seal(plain, 'ten_1'), 'ten_1')).toBe(plain);
    },
  );

  it('seals the same text to another text each time, and names its key', () => {
    const sealed = box.seal('secret', 'ten_1');
    expect(sealed).toMatch(/^v1\.[0-9a-f]{8}\.[\w-]{16}\.[\w-]{22}\.[\w-]+$/);
    expect(box.seal('secret', 'ten_1')).not.toBe(sealed);
    expect(sealed).not.toContain('secret');
  });

  it('opens nothing for another owner', () => {
    expect(() => box.open(box.seal('secret', 'ten_1'), 'ten_2')).toThrow(SecretBoxError);
  });

  it('notices a change of any part', () => {
    const parts = box.seal('secret', 'ten_1').split('.');
    for (const index of parts.keys()) {
      const changed = parts.map((part, at) =>
        at === index ? (part.startsWith('A') ? 'B' : 'A') + part.slice(1) : part,
      );
      expect(() => box.open(changed.join('.'), 'ten_1'), `part ${index}`).toThrow(SecretBoxError);
    }
  });

  it('accepts no shorter tag', () => {
    const [version, keyId, iv, tag, ciphertext] = box.seal('secret', 'ten_1').split('.');
    const shortTag = Buffer.from(tag ?? '', 'base64url')
      .subarray(0, 4)
      .toString('base64url');
    expect(() => box.open([version, keyId, iv, shortTag, ciphertext].join('.'), 'ten_1')).toThrow(
      SecretBoxError,
    );
  });

  it.each(['', 'v1', 'v2.a.b.c.d', 'v1.a.b.c.d.e', 'plain text'])('refuses %j as not sealed', (text) => {
    expect(() => box.open(text, 'ten_1')).toThrow(SecretBoxError);
  });

  it('opens what an older key has sealed, and seals with the first', () => {
    const newer = randomBytes(32);
    const both = new SecretBox([newer, key]);
    expect(both.open(box.seal('old', 'a'), 'a')).toBe('old');
    expect(new SecretBox([newer]).open(both.seal('new', 'a'), 'a')).toBe('new');
    expect(() => new SecretBox([newer]).open(box.seal('old', 'a'), 'a')).toThrow(
      /key [0-9a-f]{8}, which is not configured/,
    );
  });

  it('refuses keys of another length, and none at all', () => {
    expect(() => new SecretBox([randomBytes(16)])).toThrow();
    expect(() => new SecretBox([])).toThrow();
  });
});
