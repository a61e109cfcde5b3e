// The same on other servers: what is said to providers.
import net from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

import { GuardedCalls } from '@nova/core/platform/http-client/guarded-calls.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { openAdapter, withAdapter } from '../support/adapter-bench.js';
import { BENCHES } from '../support/contract-benches.js';

/** Longer than any provider is given. */
const MINUTE_MS = 60_000;

/** Takes connections and what is said on them, and never says a word. */
let hole: net.Server;
let url: string;
let sockets: net.Socket[];

beforeAll(async () => {
  sockets = [];
  hole = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.resume();
    sockets.push(socket);
  });
  await new Promise<void>((resolve) => hole.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(hole.address() as net.AddressInfo).port}`;
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
  return new Promise((resolve) => hole.close(resolve));
});
beforeEach(() => {
  sockets.length = 0;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => void vi.useRealTimers());

/** Waits until so many connections have come in, in real time. */
async function until(connections: number): Promise<void> {
  while (sockets.length < connections) await turn();
}

describe.each(BENCHES)('$name, when it is silent', (bench) => {
  it('is waited for no longer than its time-out, then left alone, and nobody else is', async () => {
    const calls = new GuardedCalls();
    const dead = await openAdapter(bench, { url, calls });
    const { provider, ctx } = dead;
    const charge = () => provider.chargeSaved(ctx, dead.chargeOf());
    // As many as open the circuit; M-Pesa asks for one token for all.
    const first = Array.from({ length: 5 }, charge);
    await until(bench.name === 'mpesa' ? 1 : 5);
    await vi.advanceTimersByTimeAsync(MINUTE_MS);
    for (const outcome of await Promise.all(first)) expect(outcome.kind).toBe('unknown');
    for (let time = 0; bench.name === 'mpesa' && time < 4; time++) {
      const next = charge();
      await until(2 + time);
      await vi.advanceTimersByTimeAsync(MINUTE_MS / 2);
      expect((await next).kind).toBe('unknown');
    }
    // Nobody is asked now: no time has to pass for this answer.
    const seen = sockets.length;
    expect(await charge()).toMatchObject({ kind: 'unknown' });
    expect(sockets).toHaveLength(seen);
    // Neither another provider nor another tenant's account is any slower for it.
    for (const other of BENCHES) {
      await withAdapter(
        other,
        async ({ provider: well, ctx: theirs, ...opened }) => {
          expect(['succeeded', 'pending']).toContain(
            (await well.chargeSaved(theirs, opened.chargeOf())).kind,
          );
        },
        { calls },
      );
    }
    await dead.stop();
  });
});

describe.concurrent.each(BENCHES)('$name, when it cannot be reached', (bench) => {
  it.each([
    ['nobody listens', () => 'http://127.0.0.1:9'],
    ['its name is not known', () => 'http://nowhere.invalid'],
  ])('is unknown where %s', async (_what, address) => {
    vi.useRealTimers();
    const opened = await openAdapter(bench, { url: address() });
    const { provider, ctx } = opened;
    expect((await provider.chargeSaved(ctx, opened.chargeOf())).kind).toBe('unknown');
    expect((await provider.createCheckout(ctx, opened.checkoutOf())).kind).toBe('unknown');
    expect((await provider.verify(ctx, opened.queryOf())).kind).toBe('unknown');
    expect((await provider.check(ctx)).kind).toBe('unknown');
    await opened.stop();
  });
});
