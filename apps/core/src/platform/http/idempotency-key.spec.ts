import { describe, expect, it } from 'vitest';

import { parseIdempotencyKey } from './idempotency-key.js';

describe('the header Idempotency-Key', () => {
  it('is optional', () => {
    expect(parseIdempotencyKey(undefined)).toBeNull();
  });

  it.each(['a', '8e03978e-40d5-43dd-bc93-6894a57f9324', '"quoted, as the IETF has it"', '~'.repeat(255)])(
    'takes %s',
    (key) => expect(parseIdempotencyKey(key)).toBe(key),
  );

  it.each([
    ['nothing', ''],
    ['more than 255 characters', 'k'.repeat(256)],
    ['a tab', 'a\tb'],
    ['what is not ASCII', 'clé'],
    ['several headers', ['a', 'b']],
  ])('refuses %s', (_, header) => {
    expect(() => parseIdempotencyKey(header)).toThrow('printable ASCII');
  });
});
