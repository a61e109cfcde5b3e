import { setTimeout as sleep } from 'node:timers/promises';

import { expect, it } from 'vitest';

import { Seldom } from './seldom.js';

it('says a thing once in a while, and then how often it was kept back', async () => {
  const seldom = new Seldom(50);
  const said: [string, number][] = [];
  const say = (kind: string) => seldom.say(kind, (suppressed) => said.push([kind, suppressed]));
  for (let time = 0; time < 4; time++) say('full');
  say('lost');
  await sleep(80);
  say('full');
  expect(said).toEqual([
    ['full', 0],
    ['lost', 0],
    ['full', 3],
  ]);
});
