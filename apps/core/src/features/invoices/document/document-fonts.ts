import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import PDFDocument from 'pdfkit';

/** The weights of Inter that documents use. Inter has ₦, GH₵ and the letters of Yorùbá and Twi; the PDF base fonts do not. */
const FONT_FILES = {
  regular: '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  semibold: '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
  bold: '@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf',
} as const;

export type FontWeight = keyof typeof FONT_FILES;

/** A font that has been read and parsed; PDFKit takes it wherever it takes a file. */
export interface OpenedFont {
  layout(text: string): unknown;
  hasGlyphForCodePoint(codePoint: number): boolean;
}
export type DocumentFonts = Readonly<Record<FontWeight, OpenedFont>>;

let opened: Promise<DocumentFonts> | null = null;

/** The fonts, opened once a process: parsing them takes several times as long as drawing a page. */
export function documentFonts(): Promise<DocumentFonts> {
  opened ??= openFonts().catch((error: unknown) => {
    opened = null;
    throw error;
  });
  return opened;
}

async function openFonts(): Promise<DocumentFonts> {
  const [regular, semibold, bold] = await Promise.all([
    openFont(FONT_FILES.regular),
    openFont(FONT_FILES.semibold),
    openFont(FONT_FILES.bold),
  ]);
  return { regular, semibold, bold };
}

async function openFont(file: string): Promise<OpenedFont> {
  const { resolve } = createRequire(import.meta.url);
  const pdf: unknown = new PDFDocument({ autoFirstPage: false }).font(await readFile(resolve(file)));
  // PDFKit parses fonts but has no name for the parsed one in its types.
  return (pdf as { _font: { font: OpenedFont } })._font.font;
}
