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

  it('leave a place alone that has answered nobody for a while, and no other', async () => {
    const calls = new GuardedCalls();
    const patient = { ...limits, failuresInARow: 100 };
    const asked = (account: string, place: string, call: () => Promise<{ status: number }>) =>
      calls.run({ account, place, limits: patient }, call, failed);
    for (let number = 1; number <= 10; number++) {
      expect(await asked(`a${number}`, 'dead', never)).toMatchObject({ reason: 'timed out' });
    }
    // Of whoever has not called yet, too.
    expect(await asked('new', 'dead', ok)).toMatchObject({ kind: 'no_answer', sent: 'not_sent' });
    expect(await asked('new-elsewhere', 'well', ok)).toEqual({ status: 200 });
  });

  it('do not take refusals for the silence of a place, nor a silence after an answer', async () => {
    const calls = new GuardedCalls();
    const patient = { ...limits, failuresInARow: 100 };
    const asked = (number: number, call: () => Promise<{ status: number }>) =>
      calls.run({ account: `a${number}`, place: 'busy', limits: patient }, call, failed);
    for (let number = 1; number <= 20; number++) {
      await asked(number, () => Promise.resolve({ status: 503 }));
    }
    for (let number = 1; number <= 9; number++) await asked(number, never);
    expect(await asked(1, ok)).toEqual({ status: 200 });
    await asked(1, never);
    expect(await asked(2, ok)).toEqual({ status: 200 });
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
