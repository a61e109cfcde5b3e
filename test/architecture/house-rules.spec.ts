import { beforeAll, describe, expect, it } from 'vitest';

import { sourceFiles, type SourceFile } from '../support/source-files.js';

let files: SourceFile[];

beforeAll(async () => {
  files = (await sourceFiles('apps', 'scripts')).filter((file) => !file.path.endsWith('.spec.ts'));
});

const offenders = (where: RegExp, what: RegExp, except: RegExp = /^$/) =>
  files
    .filter((file) => where.test(file.path) && !except.test(file.path))
    .flatMap((file) =>
      file.text
        .split('\n')
        .map((line, index) => ({ line, place: `${file.path}:${index + 1}` }))
        .filter(({ line }) => what.test(line) && !/^\s*(\*|\/\/|\/\*)/.test(line))
        .map(({ line, place }) => `${place} ${line.trim()}`),
    );

describe('the rules of the house', () => {
  it('reads the environment in the configuration and the entry points only', () => {
    const entry =
      /^(scripts\/|apps\/\w+\/src\/main\.ts|apps\/cli\/src\/|apps\/core\/src\/platform\/(config|embedded)\/)/;
    expect(offenders(/./, /process\.env\b/, entry)).toEqual([]);
  });

  it('never reads the machine’s clock in domain or features', () => {
    expect(offenders(/^apps\/core\/src\/(domain|features)\//, /new Date\(\)|Date\.now\(\)/)).toEqual([]);
  });

  it('has no forwardRef, no request scope, no any', () => {
    expect(offenders(/^apps\//, /forwardRef\(|Scope\.REQUEST|:\s*any\b|\bas any\b/)).toEqual([]);
  });

  it('leaves nothing for later in the code', () => {
    expect(offenders(/./, /\b(TODO|FIXME|XXX)\b|not implemented/i)).toEqual([]);
  });

  it('reports its file sizes, and has none over 400 lines', () => {
    const sizes = files.map((file) => file.lines).sort((x, y) => x - y);
    const at = (share: number) => sizes[Math.floor((sizes.length - 1) * share)] ?? 0;
    console.log(`${sizes.length} files: median ${at(0.5)}, p95 ${at(0.95)}, largest ${at(1)} lines`);
    const over = (limit: number) =>
      files.filter((file) => file.lines > limit).map((f) => `${f.path} ${f.lines}`);
    console.log(`over 220 lines: ${over(220).join(', ') || 'none'}`);
    expect(over(400)).toEqual([]);
    expect(at(0.95)).toBeLessThanOrEqual(220);
  });
});
