import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { printable, wrapText } from './wrap-text.js';

/** Every letter is one wide, whatever marks it carries. */
const measure = (text: string) => [...new Intl.Segmenter('en').segment(text)].length;

describe('wrapText', () => {
  it.each([
    ['between words', 'one two three', 7, ['one two', 'three']],
    ['at its own line breaks', 'one\ntwo\n\nthree', 10, ['one', 'two', '', 'three']],
    ['inside a word that is too wide', 'a abcdefgh b', 3, ['a', 'abc', 'def', 'gh', 'b']],
    ['nowhere when it fits', 'one two', 7, ['one two']],
    ['into one empty line when there is nothing', '', 7, ['']],
    ['never between a letter and its marks', 'ọ̀ọ̀ọ̀', 2, ['ọ̀ọ̀', 'ọ̀']],
  ])('breaks %s', (_, text, width, lines) => {
    expect(wrapText(text, width, measure)).toEqual(lines);
  });

  it('keeps every letter, and every line within the width', () => {
    const texts = fc.array(fc.string({ unit: 'grapheme-composite', maxLength: 12 }), { maxLength: 12 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 20 }), (words, width) => {
        const text = words.join(' ');
        const lines = wrapText(text, width, measure);
        const letters = (from: string) => from.replaceAll(/[ \n]/g, '');
        expect(letters(lines.join(''))).toBe(letters(printable(text)));
        for (const line of lines) expect(measure(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('printable', () => {
  it('composes letters and drops what cannot be printed or would turn the text around', () => {
    expect(printable('o\u0323')).toBe('ọ');
    expect(printable('a\tb\u0007c\u202Ed\uFEFF\r\ne\rf')).toBe('a bcd\ne\nf');
  });
});
