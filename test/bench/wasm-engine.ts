import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import type { Migration } from '@nova/core/tenancy/migrator/load-migrations.js';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';

/** What this bench uses of Prisma's schema engine. */
interface SchemaEngine {
  applyMigrations(input: unknown): Promise<{ appliedMigrationNames: string[] }>;
  free(): void;
}

interface EngineExports {
  __wbindgen_start(): void;
}

/** Node has it, and its types do not. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    instantiate(bytes: Buffer, imports: object): Promise<{ instance: { exports: EngineExports } }>;
  };
};

interface EngineModule {
  SchemaEngine: { new: (options: unknown, log: () => void, factory: unknown) => Promise<SchemaEngine> };
  __wbg_set_wasm(exports: EngineExports): void;
}

/** Applies a history of migrations to one database. */
export type ApplyMigrations = (url: string, migrations: readonly Migration[]) => Promise<string[]>;

/** Prisma's schema engine in this process, loaded once, as `scripts/db-diff.mjs` loads it. */
export async function loadWasmEngine(): Promise<ApplyMigrations> {
  const name = '@prisma/schema-engine-wasm/schema_engine_bg';
  const entry = fileURLToPath(import.meta.resolve(name));
  const glue = (await import(name)) as EngineModule;
  const bytes = await readFile(entry.replace(/\.js$/, '.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  // The adapter brings it along.
  const utilities = '@prisma/driver-adapter-utils';
  const { bindMigrationAwareSqlAdapterFactory: bind } = (await import(utilities)) as {
    bindMigrationAwareSqlAdapterFactory: (factory: PrismaPg) => unknown;
  };

  return async (url, migrations) => {
    const pool = new pg.Pool({ connectionString: url, max: 1 });
    const adapter = bind(new PrismaPg(pool));
    const engine = await glue.SchemaEngine.new({ datamodels: undefined }, () => undefined, adapter);
    try {
      const { appliedMigrationNames } = await engine.applyMigrations({
        migrationsList: {
          baseDir: '/migrations',
          lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
          migrationDirectories: migrations.map(({ name: path, statements }) => ({
            path,
            migrationFile: { path: 'migration.sql', content: { tag: 'ok', value: statements.join('') } },
          })),
          shadowDbInitScript: '',
        },
        filters: { externalTables: [], externalEnums: [] },
      });
      return appliedMigrationNames;
    } finally {
      engine.free();
      // The engine leaves its connection open.
      await pool.end();
    }
  };
}
