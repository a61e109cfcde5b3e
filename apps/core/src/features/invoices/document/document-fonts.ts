import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** The weights of Inter that documents use. Inter has ₦, GH₵ and the letters of Yorùbá and Twi; the PDF base fonts do not. */
export const FONT_FILES = {
  regular: '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  semibold: '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
  bold: '@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf',
} as const;

export type FontWeight = keyof typeof FONT_FILES;
export type DocumentFonts = Readonly<Record<FontWeight, Buffer>>;

let loaded: Promise<DocumentFonts> | null = null;

/** The fonts, read once a process. */
export function documentFonts(): Promise<DocumentFonts> {
  loaded ??= readFonts();
  return loaded;
}

async function readFonts(): Promise<DocumentFonts> {
  const { resolve } = createRequire(import.meta.url);
  const [regular, semibold, bold] = await Promise.all([
    readFile(resolve(FONT_FILES.regular)),
    readFile(resolve(FONT_FILES.semibold)),
    readFile(resolve(FONT_FILES.bold)),
  ]);
  return { regular, semibold, bold };
}
