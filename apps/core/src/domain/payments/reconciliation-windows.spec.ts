import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { nextTryAfterMs, windowsToCompare } from './reconciliation-windows.js';

const at = (text: string) => new Date(`2026-03-${text}Z`);

describe('windowsToCompare', () => {
  it('looks back a little, and once a day two days', () => {
    const since = at('01T00:00');
    const hourly = windowsToCompare({ reconciledUntil: at('10T12:00'), since }, at('10T13:00'));
    expect(hourly).toEqual([{ from: at('10T10:00'), to: at('10T13:00') }]);
    const daily = windowsToCompare({ reconciledUntil: at('10T23:30'), since }, at('11T00:30'));
    expect(daily[0]?.from).toEqual(at('09T00:30'));
    expect(daily.at(-1)?.to).toEqual(at('11T00:30'));
  });

  it('never looks at what came before the account was ours', () => {
    const since = at('10T11:30');
    const [first] = windowsToCompare({ reconciledUntil: since, since }, at('10T12:00'));
    expect(first).toEqual({ from: since, to: at('10T12:00') });
  });

  it('leaves no moment out, however long nobody could be asked', () => {
    fc.assert(
      fc.property(fc.nat(40 * 86_400_000), fc.integer({ min: 1, max: 40 * 86_400_000 }), (age, gap) => {
        const since = new Date(0);
        const reconciledUntil = new Date(age);
        const now = new Date(age + gap);
        const windows = windowsToCompare({ reconciledUntil, since }, now);
        expect(windows[0]?.from.getTime()).toBeLessThanOrEqual(age);
        expect(windows.at(-1)?.to).toEqual(now);
        for (const [n, { from, to }] of windows.entries()) {
          expect(to.getTime()).toBeGreaterThan(from.getTime());
          if (n > 0) expect(from).toEqual(windows[n - 1]?.to);
        }
      }),
    );
  });
});

describe('nextTryAfterMs', () => {
  it('grows to six hours', () => {
    expect([0, 1, 2, 3, 4, 99].map((failures) => nextTryAfterMs(failures) / 60_000)).toEqual([
      5, 15, 60, 360, 360, 360,
    ]);
  });
});
