import { describe, expect, it } from 'vitest';

import { runsOf, scriptsOf } from './text-runs.js';

const visual = (line: string) => runsOf(line).map(({ text, script, direction }) => [text, script, direction]);

describe('runsOf', () => {
  it('leaves a Latin line whole', () => {
    expect(visual('Adébáyọ̀ Ltd (2026)')).toEqual([['Adébáyọ̀ Ltd (2026)', 'latin', 'ltr']]);
  });

  it('puts a Latin word in an Arabic line where it is read, and keeps numbers upright', () => {
    expect(visual('شركة Nova 2026')).toEqual([
      ['Nova 2026', 'latin', 'ltr'],
      ['شركة ', 'arabic', 'rtl'],
    ]);
  });

  it('keeps an Arabic phrase in a Latin line in one run', () => {
    expect(visual('Plan شركة النيل seats')).toEqual([
      ['Plan ', 'latin', 'ltr'],
      ['شركة النيل', 'arabic', 'rtl'],
      [' seats', 'latin', 'ltr'],
    ]);
  });

  it('mirrors brackets in an Arabic line', () => {
    const runs = visual('شركة (مصر)');
    expect(runs.map(([text]) => text).join('|')).toContain('(');
    expect(runs[0]?.[0]).toBe('(');
    expect(runs.at(-1)?.[1]).toBe('arabic');
  });

  it('tells Amharic from Latin', () => {
    expect(visual('አዲስ አበባ Trading')).toEqual([
      ['አዲስ አበባ ', 'ethiopic', 'ltr'],
      ['Trading', 'latin', 'ltr'],
    ]);
  });
});

describe('scriptsOf', () => {
  it('names the scripts that need a font of their own', () => {
    expect(scriptsOf(['Lagos', '₦5', 'فاتورة', 'አዲስ'])).toEqual(['arabic', 'ethiopic']);
  });
});
