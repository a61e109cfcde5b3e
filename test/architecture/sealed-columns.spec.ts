import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { SEALED_COLUMNS } from '@nova/core/tenancy/keys/sealed-columns.js';
import { describe, expect, it } from 'vitest';

import { REPOSITORY } from '../support/source-files.js';

/** Data keys are wrapped, by the master key; everything else that is sealed, data keys have sealed. */
const WRAPPED = 'data_keys.wrapped';

/** The columns of a Prisma schema, as `table.column`. */
async function columnsOf(schema: string): Promise<string[]> {
  const text = await readFile(path.join(REPOSITORY, schema, 'schema.prisma'), 'utf8');
  return [...text.matchAll(/^model \w+ \{\n([\s\S]*?)^\}/gm)].flatMap(([, body = '']) => {
    const table = /@@map\("(\w+)"\)/.exec(body)?.[1] ?? '';
    return body
      .split('\n')
      .filter((line) => /^ {2}\w/.test(line))
      .map((line) => `${table}.${/@map\("(\w+)"\)/.exec(line)?.[1] ?? line.trim().split(' ')[0] ?? ''}`);
  });
}

const isSealed = (column: string) => /\.(\w+_sealed|sealed_\w+|sealed|wrapped)$/.test(column);

describe('what is sealed', () => {
  it('in central, is sealed anew by every rotation of keys', async () => {
    const columns = await columnsOf('prisma-central');
    expect(columns.length).toBeGreaterThan(100);
    const registered = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`);
    expect(columns.filter(isSealed).sort()).toEqual([...registered, WRAPPED].sort());
    for (const { table, key } of SEALED_COLUMNS) {
      for (const column of key) expect(columns).toContain(`${table}.${column}`);
    }
  });

  it('is nothing of a tenant database, which no rotation reaches', async () => {
    expect((await columnsOf('prisma-tenant')).filter(isSealed)).toEqual([]);
  });
});
