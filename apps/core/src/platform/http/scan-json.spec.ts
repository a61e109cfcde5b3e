import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { JSON_DEPTH_MAX, scanJson } from './scan-json.js';

const BROKEN = [
  '',
  ' ',
  '{',
  '{"a":1',
  '{"a" 1}',
  '{"a":1,}',
  '[1,]',
  '[1 2]',
  "{'a':1}",
  '{a:1}',
  '01',
  '1.',
  '.5',
  '+1',
  '1e',
  'NaN',
  'Infinity',
  'tru',
  '"\n"',
  '"\\x"',
  '"\\u12"',
  '"a',
  '1 2',
  '{} x',
  '// comment\n1',
];

describe('scanJson', () => {
  it.each(BROKEN)('finds the flaw in %j, as JSON.parse does', (text) => {
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(scanJson(text)).toMatchObject({ code: 'syntax' });
  });

  it('takes whatever JSON.stringify writes of values that can be stored', () => {
    const storable = fc
      .jsonValue({ maxDepth: 5 })
      .filter((value) => !/u0000|__proto__|e\+/i.test(JSON.stringify(value)));
    fc.assert(
      fc.property(storable, fc.constantFrom(undefined, 2, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        const flaw = scanJson(text);
        expect(flaw === null || flaw.code === 'number_out_of_range').toBe(true);
      }),
    );
  });

  it('agrees with JSON.parse on texts that were damaged', () => {
    const damaged = fc
      .tuple(fc.jsonValue({ maxDepth: 3 }), fc.nat(), fc.constantFrom('', ',', '"', '{', ']', '\\', '1', 'x'))
      .map(([value, at, what]) => {
        const text = JSON.stringify(value);
        const place = at % text.length;
        return text.slice(0, place) + what + text.slice(place + 1);
      });
    fc.assert(
      fc.property(damaged, (text) => {
        let parses = true;
        try {
          JSON.parse(text);
        } catch {
          parses = false;
        }
        const flaw = scanJson(text);
        if (parses) expect(flaw?.code).not.toBe('syntax');
        else expect(flaw).not.toBeNull();
      }),
    );
  });

  it('says where the flaw is', () => {
    expect(scanJson('{"items":[{"n":1},{"n":oops}]}')).toMatchObject({ offset: 23, pointer: '/items/1/n' });
  });

  it('refuses a key twice, however it is written', () => {
    expect(scanJson('{"a":1,"b":{"a":2},"\\u0061":3}')).toMatchObject({ code: 'duplicate_key', offset: 19 });
  });

  it('refuses the key of the prototype', () => {
    expect(scanJson('{"m":{"__proto__":{}}}')).toMatchObject({ code: 'forbidden_key', pointer: '/m' });
  });

  it.each(['9007199254740992', '-9007199254740993', '1e400', '1e16'])('refuses the number %s', (number) => {
    expect(scanJson(`{"a":${number}}`)).toMatchObject({ code: 'number_out_of_range', pointer: '/a' });
  });

  it.each(['"a\\u0000b"', '"\\ud800"', '"\\udc00\\ud800"'])('refuses the text %s', (text) => {
    expect(scanJson(`[${text}]`)).toMatchObject({ code: 'unstorable_text', pointer: '/0' });
  });

  it('takes a whole surrogate pair, and writing from right to left', () => {
    expect(scanJson('["\\ud83d\\ude00", "💸", "مرحبا"]')).toBeNull();
  });

  it('bounds the depth', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(scanJson(nested(JSON_DEPTH_MAX))).toBeNull();
    expect(scanJson(nested(JSON_DEPTH_MAX + 1))).toMatchObject({ code: 'too_deep' });
    expect(scanJson('['.repeat(500_000))).toMatchObject({ code: 'too_deep' });
  });

  it('takes time in proportion to a large body', () => {
    const text = JSON.stringify(Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`key${n}`, n])));
    const start = performance.now();
    expect(scanJson(text)).toBeNull();
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
