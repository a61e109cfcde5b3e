import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { loadMigrations, parseMigration } from './load-migrations.js';
import {
  isTenantSchemaBehind,
  lackingTenantMigrations,
  MIGRATION_FOLDERS,
  oldestServedVersion,
  requiredTenantVersion,
} from './schema-versions.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'migrations-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(name: string, sql: string): Promise<void> {
  await mkdir(path.join(folder, name));
  await writeFile(path.join(folder, name, 'migration.sql'), sql);
}

describe('loading migrations', () => {
  it('reads them oldest first, and leaves files beside them alone', async () => {
    await write('20260102000000_second', 'SELECT 2;');
    await write('20260101000000_first', 'SELECT 1;');
    await writeFile(path.join(folder, 'schema.prisma'), '');
    expect((await loadMigrations(folder)).map(({ name }) => name)).toEqual([
      '20260101000000_first',
      '20260102000000_second',
    ]);
  });

  it('refuses a folder that is not named like a migration, and one without its file', async () => {
    await mkdir(path.join(folder, '20260101000000_empty'));
    await expect(loadMigrations(folder)).rejects.toThrow(/migration\.sql/);
    await mkdir(path.join(folder, 'draft'));
    await expect(loadMigrations(folder)).rejects.toThrow(/draft is not named like a migration/);
  });

  it('runs a file in a transaction unless its first line says otherwise', () => {
    const parse = (sql: string) => parseMigration('20260101000000_x', Buffer.from(sql));
    expect(parse('SELECT 1;\n-- nova:no-transaction\n')).toMatchObject({ transactional: true });
    expect(
      parse('-- nova:no-transaction\nSELECT 1;\n-- nova:next-statement\nSELECT 2;\n').statements,
    ).toEqual(['-- nova:no-transaction\nSELECT 1;\n', '\nSELECT 2;\n']);
    expect(() => parse('CREATE TABLE a (id int);\nCOMMIT;')).toThrow(/ends a transaction/);
  });

  it('reads both schemas’ own', async () => {
    expect((await loadMigrations(MIGRATION_FOLDERS.central)).length).toBeGreaterThan(0);
    expect((await loadMigrations(MIGRATION_FOLDERS.tenant)).at(-1)?.name).toBe(requiredTenantVersion());
  });
});

describe('the version a tenant database needs', () => {
  it('is behind without one or with an older one, and not when a newer build was here', () => {
    expect(isTenantSchemaBehind(null)).toBe(true);
    expect(isTenantSchemaBehind('20200101000000_old')).toBe(true);
    expect(isTenantSchemaBehind(requiredTenantVersion())).toBe(false);
    expect(isTenantSchemaBehind('99990101000000_newer')).toBe(false);
  });

  it('may be the one of the release before, which lacks some migrations', () => {
    expect(isTenantSchemaBehind(oldestServedVersion())).toBe(false);
    expect(lackingTenantMigrations(oldestServedVersion()).length).toBeGreaterThan(0);
    expect(lackingTenantMigrations(requiredTenantVersion())).toEqual([]);
  });
});
