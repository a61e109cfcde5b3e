import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { LRUCache } from 'lru-cache';
import PDFDocument from 'pdfkit';

import type { Script } from './text-runs.js';

/**
 * The fonts of documents, all under the Open Font License. Inter has ₦, GH₵ and the letters of Yorùbá and Twi, which the
 * PDF base fonts do not have; Arabic and Amharic have fonts of their own.
 */
const FONT_FILES = {
  latin: {
    regular: '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
    semibold: '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
    bold: '@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf',
  },
  arabic: {
    regular: '@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf',
    semibold: '@expo-google-fonts/noto-sans-arabic/600SemiBold/NotoSansArabic_600SemiBold.ttf',
    bold: '@expo-google-fonts/noto-sans-arabic/700Bold/NotoSansArabic_700Bold.ttf',
  },
  ethiopic: {
    regular: '@expo-google-fonts/noto-sans-ethiopic/400Regular/NotoSansEthiopic_400Regular.ttf',
    semibold: '@expo-google-fonts/noto-sans-ethiopic/600SemiBold/NotoSansEthiopic_600SemiBold.ttf',
    bold: '@expo-google-fonts/noto-sans-ethiopic/700Bold/NotoSansEthiopic_700Bold.ttf',
  },
} as const satisfies Record<Script, Record<string, string>>;

export type FontWeight = keyof (typeof FONT_FILES)['latin'];

/** A font that has been read and parsed; PDFKit takes it wherever it takes a file. */
export interface OpenedFont {
  layout(text: string, features?: readonly string[]): GlyphRun;
  hasGlyphForCodePoint(codePoint: number): boolean;
}

interface GlyphPosition {
  xAdvance: number;
}

interface GlyphRun {
  readonly glyphs: readonly unknown[];
  readonly positions: readonly GlyphPosition[];
  readonly advanceWidth: number;
}

export type ScriptFonts = Readonly<Record<FontWeight, OpenedFont>>;
/** Inter is always there; the others when the document has a text for them. */
export type DocumentFonts = Readonly<{ latin: ScriptFonts } & Partial<Record<Script, ScriptFonts>>>;

const opened = new Map<Script, Promise<ScriptFonts>>();

/** The fonts for scripts, each opened once a process: parsing them takes several times as long as drawing a page. */
export async function documentFonts(scripts: readonly Script[] = []): Promise<DocumentFonts> {
  const latin = await fontsOf('latin');
  const others = await Promise.all(scripts.map(async (script) => [script, await fontsOf(script)] as const));
  return { ...Object.fromEntries(others), latin };
}

function fontsOf(script: Script): Promise<ScriptFonts> {
  const known = opened.get(script);
  if (known) return known;
  const opening = openFonts(script);
  opened.set(script, opening);
  // What failed once, such as for want of file handles, may succeed the next time.
  opening.catch(() => opened.delete(script));
  return opening;
}

async function openFonts(script: Script): Promise<ScriptFonts> {
  const files = FONT_FILES[script];
  const [regular, semibold, bold] = await Promise.all([
    openFont(files.regular),
    openFont(files.semibold),
    openFont(files.bold),
  ]);
  return { regular, semibold, bold };
}

async function openFont(file: string): Promise<OpenedFont> {
  const { resolve } = createRequire(import.meta.url);
  const pdf: unknown = new PDFDocument({ autoFirstPage: false }).font(await readFile(resolve(file)));
  // PDFKit parses fonts but has no name for the parsed one in its types.
  const { font } = (pdf as { _font: { font: ParsedFont } })._font;
  // A glyph keeps the letter that it is first asked for with, by which documents are searched and copied. One that is
  // first met as a part of another, as a is of á, would have none in all documents of the process.
  const letters = font.characterSet.filter((codePoint) => codePoint < FIRST_SYMBOL).toSorted((a, b) => a - b);
  for (const codePoint of letters) font.glyphForCodePoint(codePoint);
  return rememberLayouts(font);
}

/** Letters and digits of all our scripts are before it; behind it others may share their glyphs. */
const FIRST_SYMBOL = 0x2000;

interface ParsedFont extends OpenedFont {
  readonly characterSet: readonly number[];
  glyphForCodePoint(codePoint: number): unknown;
}

/** So many words and numbers of a font are remembered: documents of one tenant say mostly the same. */
const LAYOUTS_MAX = 4_000;

/**
 * Lays a text out once. Documents repeat their words, and each word is measured several times before it is drawn:
 * shaping them anew was most of what a document cost.
 */
function rememberLayouts(font: OpenedFont): OpenedFont {
  const shape = font.layout.bind(font);
  const known = new LRUCache<string, GlyphRun>({ max: LAYOUTS_MAX });
  font.layout = (text, features) => {
    const key = `${features?.join() ?? ''}\n${text}`;
    let run = known.get(key);
    if (!run) {
      run = shape(text, features);
      known.set(key, run);
    }
    return ownCopy(run);
  };
  return font;
}

/** PDFKit scales the positions of a run in place, so that each caller needs its own. */
function ownCopy({ glyphs, positions }: GlyphRun): GlyphRun {
  const own = positions.map((position) => ({ ...position }));
  return {
    glyphs,
    positions: own,
    get advanceWidth() {
      return own.reduce((sum, { xAdvance }) => sum + xAdvance, 0);
    },
  };
}
