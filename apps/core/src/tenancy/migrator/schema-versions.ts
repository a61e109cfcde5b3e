import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { loadMigrations, type Migration } from './load-migrations.js';

/** Where the migrations of both schemas are, seen from this file and from what it is compiled to alike. */
export const MIGRATION_FOLDERS = {
  central: fileURLToPath(new URL('../../../../../prisma-central/migrations', import.meta.url)),
  tenant: fileURLToPath(new URL('../../../../../prisma-tenant/migrations', import.meta.url)),
} as const;

/** The history of both schemas. */
export interface MigrationSet {
  readonly central: readonly Migration[];
  readonly tenant: readonly Migration[];
}

/** What this build brings databases up to. */
export async function loadBuildMigrations(): Promise<MigrationSet> {
  return {
    central: await loadMigrations(MIGRATION_FOLDERS.central),
    tenant: await loadMigrations(MIGRATION_FOLDERS.tenant),
  };
}

let required: string | null = null;

/** The migration that a tenant database needs to have for this build to use it: the newest there is. */
export function requiredTenantVersion(): string {
  required ??=
    readdirSync(MIGRATION_FOLDERS.tenant, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort()
      .at(-1) ?? null;
  if (required === null) throw new Error(`There are no migrations in ${MIGRATION_FOLDERS.tenant}.`);
  return required;
}

/** Whether a tenant database still lacks what this build needs. One that is ahead, by a newer build, does not. */
export function isTenantSchemaBehind(schemaVersion: string | null): boolean {
  return schemaVersion === null || schemaVersion < requiredTenantVersion();
}
