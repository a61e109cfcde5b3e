import { beforeAll, describe, expect, it } from 'vitest';

import { sourceFiles, type SourceFile } from '../support/source-files.js';

/** From the ground up: a layer may import itself and what stands before it. */
const LAYERS = ['domain', 'platform', 'tenancy', 'features'] as const;

let files: SourceFile[];

beforeAll(async () => {
  files = await sourceFiles('apps');
});

/** Specs, and the generators of test data that several of them share. */
const isForTests = (file: SourceFile) => /\.(spec|arbitrary)\.ts$/.test(file.path);
const layerOf = (path: string) => LAYERS.findIndex((layer) => path.startsWith(`apps/core/src/${layer}/`));

/** The contracts' types are named by lower layers in `import type` only: no arrow at run time. */
const TYPE_IMPORT = /import type [^;]*?from '([^']+)'/g;

describe('the one direction of imports', () => {
  it('goes domain ← platform ← tenancy ← features ← apps', () => {
    const arrowsUp = files.flatMap((file) =>
      file.imports
        .filter((target) => layerOf(target) > layerOf(file.path) && layerOf(file.path) >= 0)
        .map((target) => `${file.path} → ${target}`),
    );
    expect(arrowsUp).toEqual([]);
  });

  it('keeps the domain pure: neither Nest nor Prisma nor anything with I/O', () => {
    const allowed = /^(apps\/core\/src\/domain\/|decimal\.js$|temporal-polyfill$)/;
    const foreign = files
      .filter((file) => file.path.startsWith('apps/core/src/domain/') && !isForTests(file))
      .flatMap((file) =>
        file.imports.filter((target) => !allowed.test(target)).map((t) => `${file.path} → ${t}`),
      );
    expect(foreign).toEqual([]);
  });

  it('keeps apps out of core, and entry points out of each other except the cli', () => {
    const wrong = files.flatMap((file) =>
      file.imports
        .filter((target) => {
          const app = file.path.split('/')[1];
          if (app === 'core') return /^@nova\/(api|worker|cli)\b/.test(target);
          if (app === 'worker' || app === 'api')
            return /^@nova\/(api|worker|cli)\b/.test(target) && !target.includes(app);
          return false;
        })
        .map((target) => `${file.path} → ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('has no cycle of imports at run time', () => {
    const graph = new Map(files.map((file) => [file.path, runtimeImports(file)]));
    expect(findCycle(graph)).toBeNull();
  });
});

function runtimeImports(file: SourceFile): string[] {
  const typeOnly = new Set([...file.text.matchAll(TYPE_IMPORT)].map((match) => match[1]));
  const specifiers = [...file.text.matchAll(/from '([^']+)'/g)].map((match) => match[1]);
  const onlyTypes = new Set(
    specifiers.filter((s) => typeOnly.has(s) && specifiers.filter((x) => x === s).length === 1),
  );
  return file.imports.filter((target) => {
    const base = target.replace(/\.ts$/, '').split('/').at(-1) ?? '';
    return ![...onlyTypes].some((s) => s?.startsWith('.') && s.endsWith(`/${base}.js`));
  });
}

function findCycle(graph: ReadonlyMap<string, string[]>): string[] | null {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (node: string): string[] | null => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return null;
    path.push(node);
    for (const next of graph.get(node) ?? []) {
      const cycle = graph.has(next) ? visit(next) : null;
      if (cycle) return cycle;
    }
    path.pop();
    done.add(node);
    return null;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node);
    if (cycle) return cycle;
  }
  return null;
}
