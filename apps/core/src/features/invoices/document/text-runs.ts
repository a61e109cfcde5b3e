import bidiFactory, { type Bidi } from 'bidi-js';

/** The scripts that documents have fonts for. Inter has Latin, Greek and Cyrillic. */
export type Script = 'latin' | 'arabic' | 'ethiopic';

/** A part of a line that one font draws in one direction. */
export interface TextRun {
  readonly text: string;
  readonly script: Script;
  readonly direction: 'ltr' | 'rtl';
}

const ARABIC = /[\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefc]/;
const ETHIOPIC = /[\u1200-\u139f\u2d80-\u2ddf\uab00-\uab2f]/;
const NEEDS_RUNS = new RegExp(`${ARABIC.source}|${ETHIOPIC.source}|[\u0590-\u05ff]`);

// The types name a default export; what CommonJS gives is the factory itself.
const bidi = (bidiFactory as unknown as () => Bidi)();

/** The scripts besides Latin that texts are written in. */
export function scriptsOf(texts: Iterable<string>): Script[] {
  const scripts = new Set<Script>();
  for (const text of texts) {
    if (ARABIC.test(text)) scripts.add('arabic');
    if (ETHIOPIC.test(text)) scripts.add('ethiopic');
  }
  return [...scripts];
}

/**
 * Splits a line into runs, in the order in which they stand on paper from left to right: by the Unicode rules for text
 * of both directions, and by the font that has the letters. The text of a run stays in the order of reading; a font for
 * Arabic turns it around and joins its letters by itself.
 */
export function runsOf(line: string): TextRun[] {
  if (!NEEDS_RUNS.test(line)) return [{ text: line, script: 'latin', direction: 'ltr' }];
  const { levels } = bidi.getEmbeddingLevels(line, 'auto');
  const mirrored = bidi.getMirroredCharactersMap(line, levels);
  const pieces: { text: string; script: Script; level: number }[] = [];
  let at = 0;
  for (const letter of line) {
    const level = levels[at] ?? 0;
    const last = pieces.at(-1);
    const plain = level % 2 === 1 ? 'arabic' : 'latin';
    const script = scriptOf(letter, last?.level === level ? last.script : plain);
    const text = mirrored.get(at) ?? letter;
    if (last && last.level === level && last.script === script) last.text += text;
    else pieces.push({ text, script, level });
    at += letter.length;
  }
  return inVisualOrder(pieces).map(({ text, script, level }) => {
    const direction = level % 2 === 1 ? 'rtl' : 'ltr';
    // Only a font for Arabic turns its letters around.
    const isTurned = direction === 'rtl' && script !== 'arabic';
    return { text: isTurned ? turned(text) : text, script, direction };
  });
}

/** Spaces and points go with what is before them, so that a phrase stays one run; Latin letters and digits do not. */
function scriptOf(letter: string, before: Script): Script {
  if (ARABIC.test(letter)) return 'arabic';
  if (ETHIOPIC.test(letter)) return 'ethiopic';
  if (letter === ' ' || /\p{M}/u.test(letter)) return before;
  return 'latin';
}

/** Letters stay with their marks. */
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

function turned(text: string): string {
  return [...graphemes.segment(text)]
    .map(({ segment }) => segment)
    .reverse()
    .join('');
}

/** Rule L2 of the Unicode algorithm: from the highest level down, whatever is at least as deep is turned around. */
function inVisualOrder<Piece extends { readonly level: number }>(pieces: readonly Piece[]): Piece[] {
  const ordered = [...pieces];
  const deepest = Math.max(0, ...pieces.map(({ level }) => level));
  for (let level = deepest; level >= 1; level -= 1) {
    for (let start = 0; start < ordered.length; start += 1) {
      let end = start;
      while ((ordered[end]?.level ?? -1) >= level) end += 1;
      if (end - start > 1) ordered.splice(start, end - start, ...ordered.slice(start, end).reverse());
      start = Math.max(start, end);
    }
  }
  return ordered;
}
