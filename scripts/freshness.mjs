// What has changed since the last set-up. Stamps live in node_modules, so a new installation starts from nothing.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { root } from './run-command.mjs';

const SOURCES = ['apps', 'prisma-central/generated', 'prisma-tenant/generated', 'test/fakes'];
const SKIPPED = new Set(['node_modules', 'dist']);
const stampFolder = path.join(root, 'node_modules/.cache/nova');

function readJson(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8'));
  } catch {
    return null;
  }
}

/**
 * Whether node_modules holds what the lock file names. npm keeps its own record of what it installed; packages for
 * other platforms are optional and may be missing there.
 */
export function installIsCurrent() {
  const installed = readJson('node_modules/.package-lock.json')?.packages;
  if (!installed) return false;
  const wanted = readJson('package-lock.json')?.packages;
  if (!wanted) return true;
  return Object.entries(wanted).every(([place, entry]) => {
    if (place === '') return true;
    const there = installed[place];
    if (!there) return Boolean(entry.optional);
    return there.version === entry.version && (!entry.integrity || there.integrity === entry.integrity);
  });
}

/** What a generated client depends on: its schema, and the generator. */
export function schemaFingerprint(name) {
  const hash = createHash('sha256');
  for (const file of [
    `${name}/schema.prisma`,
    `${name}/prisma.config.ts`,
    'node_modules/prisma/package.json',
  ]) {
    hash.update(readFileSync(path.join(root, file)));
  }
  return hash.digest('hex');
}

/** What the build depends on, by size and time of change. */
export function buildFingerprint() {
  const hash = createHash('sha256');
  const add = (file) => {
    const { size, mtimeMs } = statSync(path.join(root, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  };
  ['tsconfig.base.json', 'node_modules/.package-lock.json'].forEach(add);
  for (const folder of SOURCES.filter((name) => existsSync(path.join(root, name))))
    sourcesIn(folder).forEach(add);
  return hash.digest('hex');
}

function sourcesIn(folder) {
  const found = [];
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const place = path.posix.join(folder, entry.name);
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) found.push(...sourcesIn(place));
    else if (/\.ts$|^(tsconfig|package)\.json$/.test(entry.name)) found.push(place);
  }
  return found.toSorted((a, b) => (a < b ? -1 : 1));
}

export function readStamp(name) {
  try {
    return readFileSync(path.join(stampFolder, name), 'utf8');
  } catch {
    return null;
  }
}

export function writeStamp(name, value) {
  mkdirSync(stampFolder, { recursive: true });
  writeFileSync(path.join(stampFolder, name), value);
}
