import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { EnvironmentSchema } from '@nova/core/platform/config/config.schema.js';
import { describe, expect, it } from 'vitest';

import { REPOSITORY } from '../support/source-files.js';

describe('.env.example', () => {
  it('names every setting of the configuration and no other, and sets none', async () => {
    const text = await readFile(path.join(REPOSITORY, '.env.example'), 'utf8');
    const named = [...text.matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1] ?? '');
    expect(named.toSorted()).toEqual(Object.keys(EnvironmentSchema.shape).toSorted());
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
  });
});
