import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
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

/** A migration of tenant databases as its file has it. */
interface TenantMigrationFile {
  readonly name: string;
  readonly sql: string;
}

let files: readonly TenantMigrationFile[] | null = null;
let oldest: string | null = null;

/** The migration that a tenant database has when it lacks nothing of this build: the newest there is. */
export function requiredTenantVersion(): string {
  const newest = tenantFiles().at(-1);
  if (!newest) throw new Error(`There are no migrations in ${MIGRATION_FOLDERS.tenant}.`);
  return newest.name;
}

/**
 * The oldest version of a tenant database that this build serves: that of the release before it, so that requests go on
 * while a roll-out has come to some databases and not to others. `migrations/oldest-served` names it; it is moved on with
 * the first migration after a release.
 */
export function oldestServedVersion(): string {
  oldest ??= readOldestServed(MIGRATION_FOLDERS.tenant);
  return oldest;
}

/** What the file `oldest-served` of a folder of migrations names. */
export function readOldestServed(folder: string): string {
  const name = readFileSync(path.join(folder, 'oldest-served'), 'utf8').trim();
  if (!migrationNames(folder).includes(name))
    throw new Error(`${path.join(folder, 'oldest-served')} names ${name}, and there is no such migration.`);
  return name;
}

/** Whether a tenant database is further behind than this build can serve. One that is ahead, by a newer build, is not. */
export function isTenantSchemaBehind(schemaVersion: string | null): boolean {
  return schemaVersion === null || schemaVersion < oldestServedVersion();
}

/** The migrations of this build that a tenant database of this version still lacks, oldest first. */
export function lackingTenantMigrations(schemaVersion: string | null): readonly TenantMigrationFile[] {
  return tenantFiles().filter(({ name }) => schemaVersion === null || name > schemaVersion);
}

/** Prisma's schema as of the newest migration of tenant databases. */
export function tenantSchemaText(): string {
  return readFileSync(path.join(MIGRATION_FOLDERS.tenant, 'schema.prisma'), 'utf8');
}

function tenantFiles(): readonly TenantMigrationFile[] {
  files ??= migrationNames(MIGRATION_FOLDERS.tenant).map((name) => ({
    name,
    sql: readFileSync(path.join(MIGRATION_FOLDERS.tenant, name, 'migration.sql'), 'utf8'),
  }));
  return files;
}

function migrationNames(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
