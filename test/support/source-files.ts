import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, from the sources as from what is built of them. */
export const REPOSITORY = rootAbove(path.dirname(fileURLToPath(import.meta.url)));

function rootAbove(folder: string): string {
  return existsSync(path.join(folder, 'package-lock.json')) ? folder : rootAbove(path.dirname(folder));
}

export interface SourceFile {
  /** Path from the repository's root, with forward slashes. */
  path: string;
  text: string;
  lines: number;
  /** Paths (or package names) that it imports, relative ones resolved to files of the repository. */
  imports: string[];
}

const IMPORT = /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+'([^']+)'|(?:^|[^\w.])import\(\s*'([^']+)'\s*\)/g;

/** Every TypeScript source below the folders, without what is generated or built. */
export async function sourceFiles(...folders: string[]): Promise<SourceFile[]> {
  const files = await Promise.all(folders.map((folder) => listFolder(path.join(REPOSITORY, folder))));
  return Promise.all(files.flat().map(readSource));
}

async function listFolder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && /\.m?ts$|\.mjs$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => !/\/(node_modules|dist|generated|coverage)\//.test(file));
}

async function readSource(file: string): Promise<SourceFile> {
  const text = await readFile(file, 'utf8');
  const specifiers = [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? '');
  return {
    path: path.relative(REPOSITORY, file).split(path.sep).join('/'),
    text,
    lines: text.split('\n').length - 1,
    imports: specifiers.map((specifier) => resolveImport(file, specifier)),
  };
}

function resolveImport(from: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  const target = path.resolve(path.dirname(from), specifier).replace(/\.js$/, '.ts');
  return path.relative(REPOSITORY, target).split(path.sep).join('/');
}
