import { describe, expect, it } from 'vitest';

import { canonicalContent, canonicalJson, type RequestContent } from './fingerprint.js';

const CONTENT: RequestContent = {
  route: 'POST /api/customers',
  mode: 'test',
  params: {},
  query: {},
  body: { name: 'Zuri', metadata: { a: '1', b: '2' } },
};

describe('the content of a request', () => {
  it('is the same whatever the order of the keys, at any depth', () => {
    const body = { metadata: { b: '2', a: '1' }, name: 'Zuri' };
    expect(canonicalContent({ ...CONTENT, body })).toBe(canonicalContent(CONTENT));
  });

  it.each([
    ['route', { route: 'POST /api/plans' }],
    ['mode', { mode: 'live' }],
    ['object in the path', { params: { id: 'cus_1' } }],
    ['query', { query: { dry: 'yes' } }],
    ['body', { body: { ...(CONTENT.body as object), name: 'zuri' } }],
  ] as const)('is another for another %s', (_, change) => {
    expect(canonicalContent({ ...CONTENT, ...change })).not.toBe(canonicalContent(CONTENT));
  });

  it('tells apart what looks alike: order in arrays, kinds of value, and what is not there', () => {
    const bodies = [[1, 2], [2, 1], { a: 1 }, { a: '1' }, { a: null }, {}, [], undefined];
    const texts = bodies.map((body) => canonicalContent({ ...CONTENT, body }));
    expect(new Set(texts).size).toBe(bodies.length);
  });

  it('keeps a key named __proto__', () => {
    const body = JSON.parse('{"b":1,"__proto__":{"z":1,"a":2}}') as unknown;
    expect(canonicalJson(body)).toBe('{"__proto__":{"a":2,"z":1},"b":1}');
  });
});
