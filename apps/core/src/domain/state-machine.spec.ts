import { describe, expect, it } from 'vitest';

import { stateMachine } from './state-machine.js';

const shop = stateMachine<'open' | 'shut' | 'sold', 'enter' | 'lock' | 'unlock' | 'sell'>('a shop', {
  open: { enter: 'open', lock: 'shut' },
  shut: { unlock: 'open', sell: 'sold' },
  sold: {},
});

describe('stateMachine', () => {
  it.each([
    ['enter', ['open'], 'open'],
    ['lock', ['open'], 'shut'],
    ['unlock', ['shut'], 'open'],
    ['sell', ['shut'], 'sold'],
  ] as const)('lets %s happen in %j and lead to %s, and nowhere else', (verb, sources, to) => {
    expect(shop.sources(verb)).toEqual(sources);
    for (const from of ['open', 'shut', 'sold'] as const) {
      const possible = (sources as readonly string[]).includes(from);
      expect(shop.canMove(from, verb)).toBe(possible);
      if (possible) expect(shop.next(from, verb)).toBe(to);
      else
        expect(() => shop.next(from, verb)).toThrow(`a shop: ${verb} is not possible in the status ${from}.`);
    }
  });

  it.each(['', 'Open', 'toString', '__proto__'])('knows no status "%s"', (from) => {
    expect(() => shop.canMove(from, 'sell')).toThrow(`"${from}" is not a status of a shop.`);
    expect(() => shop.next(from, 'sell')).toThrow(RangeError);
  });

  it('takes no verb for possible that is only a property of every object', () => {
    expect(shop.canMove('open', 'toString' as 'enter')).toBe(false);
    expect(shop.sources('constructor' as 'enter')).toEqual([]);
  });
});
