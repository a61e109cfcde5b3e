import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readJson } from './read-json.js';

describe('JSON without floats', () => {
  it('keeps the text of every number', () => {
    expect(readJson('{"a":1150.35,"b":1500.00,"c":[-0,1e3,12345678901234567890],"d":"7\\"1"}')).toEqual({
      a: '1150.35',
      b: '1500.00',
      c: ['-0', '1e3', '12345678901234567890'],
      d: '7"1',
    });
  });

  it('is undefined for what is not JSON', () => {
    for (const text of ['', '<html>', '{"a":', '01', "{'a':1}", '{"a":1}x'])
      expect(readJson(text)).toBeUndefined();
  });

  it('is the same as JSON.parse but for the numbers', () => {
    const quoted = (_: string, value: unknown) => (typeof value === 'number' ? String(value) : value);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value, null, 1);
        expect(readJson(text)).toEqual(JSON.parse(JSON.stringify(value, quoted)));
      }),
    );
  });

  it('throws nothing, whatever it reads', () => {
    fc.assert(fc.property(fc.string(), (text) => void readJson(text)));
  });
});
