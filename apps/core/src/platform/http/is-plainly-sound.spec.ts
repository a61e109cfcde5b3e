import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isPlainlySound } from './is-plainly-sound.js';
import { JSON_DEPTH_MAX, scanJson } from './scan-json.js';

/** Texts of the pieces that JSON is made of: many parse, and many of those have a key twice or a number too large. */
const PIECES =
  '{ } [ ] , : "a" "a": "b"\t: ":" ":\t" "__proto__": "\\u0061": 1 1e400 9007199254740993 0.5 null \n "12:30" "\\u0000"';
const pieces = fc
  .array(fc.constantFrom(...PIECES.split(' ')), { maxLength: 12 })
  .map((parts) => parts.join('').replaceAll('\t', ' '));
/** Objects written member by member, so that the same key may come twice at any depth. */
const { written } = fc.letrec<{ written: string }>((tie) => ({
  written: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('1', '":"', '"x"', '1e16', 'true', '[]', '{}'),
    fc
      .array(
        fc.tuple(fc.constantFrom('a', 'b', ':', 'c:'), fc.constantFrom(':', ' :', '\n: '), tie('written')),
        {
          maxLength: 4,
        },
      )
      .map((members) => `{${members.map(([key, colon, value]) => `"${key}"${colon}${value}`).join(',')}}`),
    fc.array(tie('written'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
  ),
}));

function parse(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}

describe('isPlainlySound', () => {
  it.each([
    ['texts of pieces', pieces],
    ['objects with keys twice', written],
  ])('calls nothing sound that the scanner refuses: %s', (_what, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parse(text);
        if (parsed && isPlainlySound(text, parsed.value)) expect(scanJson(text)).toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });

  it('knows a usual body at once, whatever its white space', () => {
    const body = {
      events: [{ timestamp: '2026-01-31T09:00:00Z', properties: { quantity: 0.5, endpoint: '/v1' } }],
    };
    for (const space of [undefined, 2, '\t']) {
      expect(isPlainlySound(JSON.stringify(body, null, space), body)).toBe(true);
    }
    expect(isPlainlySound('[{"a" : "12:30"}, {"a"\n:1}]', [{ a: '12:30' }, { a: 1 }])).toBe(true);
  });

  it.each([
    '{"a":1,"a":2}',
    '{"a" :1,"b":{"a":2,"a"\t:3}}',
    '{"__proto__":1}',
    '[9007199254740992]',
    '[1e400]',
    '["\\u0000"]',
    '[":"]',
    `${'['.repeat(JSON_DEPTH_MAX + 1)}${']'.repeat(JSON_DEPTH_MAX + 1)}`,
  ])('leaves %s to the scanner', (text) => {
    expect(isPlainlySound(text, parse(text)?.value)).toBe(false);
  });
});
