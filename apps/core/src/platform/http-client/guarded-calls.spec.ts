import { describe, expect, it } from 'vitest';

import { GUARD_LIMITS, GuardedCalls, type GuardLimits } from './guarded-calls.js';

const never = () => new Promise<{ status: number }>(() => undefined);
const ok = () => Promise.resolve({ status: 200 });
const failed = ({ status }: { status: number }) => status >= 500;
const limits: GuardLimits = { ...GUARD_LIMITS, totalMs: 20, failuresInARow: 2, restMs: 60_000 };

describe('guarded calls', () => {
  it('give up what takes too long, and may have been sent', async () => {
    const calls = new GuardedCalls();
    expect(await calls.run({ account: 'a', limits }, never, failed)).toEqual({
      kind: 'no_answer',
      reason: 'timed out',
      sent: 'perhaps',
    });
  });

  it('ask nobody for a while after failures in a row, and go on for every other account', async () => {
    const calls = new GuardedCalls();
    const broken = () => Promise.resolve({ status: 503 });
    for (let call = 0; call < 2; call++) {
      expect(await calls.run({ account: 'dead', limits }, broken, failed)).toEqual({ status: 503 });
    }
    expect(await calls.run({ account: 'dead', limits }, ok, failed)).toMatchObject({ sent: 'not_sent' });
    expect(await calls.run({ account: 'well', limits }, ok, failed)).toEqual({ status: 200 });
  });

  it('do not hold up one account for the calls of another that hang', async () => {
    const calls = new GuardedCalls();
    const slow = { ...limits, totalMs: 60_000, callsAtOnce: 1, callsWaiting: 1 };
    void calls.run({ account: 'hangs', limits: slow }, never, failed);
    void calls.run({ account: 'hangs', limits: slow }, never, failed);
    expect(await calls.run({ account: 'hangs', limits: slow }, ok, failed)).toMatchObject({
      kind: 'no_answer',
      sent: 'not_sent',
    });
    expect(await calls.run({ account: 'lives', limits: slow }, ok, failed)).toEqual({ status: 200 });
  });

  it('say of a connection that was refused that nothing was sent, and of one that broke that it may have been', async () => {
    const calls = new GuardedCalls();
    const fail = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
    expect(await calls.run({ account: 'a' }, fail('ECONNREFUSED'), failed)).toMatchObject({
      sent: 'not_sent',
    });
    expect(await calls.run({ account: 'a' }, fail('ECONNRESET'), failed)).toMatchObject({ sent: 'perhaps' });
  });
});
