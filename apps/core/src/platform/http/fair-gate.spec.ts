import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { type EndTurn, FairGate } from './fair-gate.js';

const LONG_MS = 60_000;

/** Notes who was let in, and how to end the turn of each. */
function door(gate: FairGate) {
  const inside: { party: string; end: EndTurn }[] = [];
  const come = (party: string) => void gate.enter(party).then((end) => inside.push({ party, end }));
  const endFirst = async () => {
    inside.shift()?.end();
    await sleep(0);
  };
  return { inside, come, endFirst, parties: () => inside.map(({ party }) => party).join('') };
}

describe('a fair gate', () => {
  it('lets in as many at once as it is told, and the next when one has ended', async () => {
    const { come, endFirst, parties } = door(new FairGate({ atOnce: 2, turnMs: LONG_MS }));
    for (const party of 'aaa') come(party);
    await sleep(0);
    expect(parties()).toBe('aa');
    await endFirst();
    expect(parties()).toBe('aa');
    await endFirst();
    expect(parties()).toBe('a');
  });

  it('lets the parties in in turn, however many of one were there before', async () => {
    const { come, endFirst, parties } = door(new FairGate({ atOnce: 1, turnMs: LONG_MS }));
    for (const party of 'aaaaaab') come(party);
    come('c');
    await sleep(0);
    const order: string[] = [];
    while (parties() !== '') {
      order.push(parties());
      await endFirst();
    }
    expect(order.join('')).toBe('aabcaaaa');
  });

  it('counts a turn once, however often it is ended', async () => {
    const gate = new FairGate({ atOnce: 1, turnMs: LONG_MS });
    const end = await gate.enter('a');
    const { come, parties } = door(gate);
    come('a');
    come('a');
    end();
    end();
    await sleep(0);
    expect(parties()).toBe('a');
  });

  it('ends a turn that takes long, so that others need not wait for what it waits for', async () => {
    const { come, parties } = door(new FairGate({ atOnce: 1, turnMs: 20 }));
    come('a');
    come('b');
    await expect.poll(parties).toBe('ab');
  });

  it('is empty again when all have ended', async () => {
    const gate = new FairGate({ atOnce: 3, turnMs: LONG_MS });
    for (let round = 0; round < 3; round++) {
      const turns = await Promise.all(['a', 'b', 'c'].map((party) => gate.enter(party)));
      for (const end of turns) end();
    }
    const { come, parties } = door(gate);
    for (const party of 'abcd') come(party);
    await sleep(0);
    expect(parties()).toBe('abc');
  });
});
