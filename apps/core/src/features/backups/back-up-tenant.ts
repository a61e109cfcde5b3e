import { open, rm } from 'node:fs/promises';
import path from 'node:path';

import type { TenantDatabase } from '@nova/prisma-central';
import type pg from 'pg';

import { notFound } from '../../platform/errors/common-errors.js';
import { runPostgresProgram } from '../../platform/postgres/run-postgres-program.js';
import { withTenantLock } from '../../tenancy/maintenance/tenant-lock.js';
import { listTables, readContents, speakPlainly } from '../../tenancy/moves/table-contents.js';
import { type DatabaseServer, withAdminClient } from '../../tenancy/servers/admin-client.js';
import type { Mode } from '../../tenancy/tenant-context.js';
import type { Caller } from '../audit/caller.js';
import { recordAudit } from '../audit/record-audit.js';
import { type LifeDeps, type Progress, SILENTLY } from '../tenant-life/life-deps.js';
import { databasesOf, serverOf } from '../tenant-life/tenant-databases.js';
import { type BackupFile, type BackupManifest, digestOf, exists, publish } from './backup-file.js';
import { backupRefused } from './backups.errors.js';
import { requirePrograms, serverMajorOf } from './require-programs.js';

export interface BackupRequest {
  /** Null: the only database that the tenant has. */
  readonly mode: Mode | null;
  readonly file: string;
}

/**
 * Writes a tenant's database to a file, with a manifest beside it, while the tenant goes on: the file holds one moment.
 * It has its name when it is complete, and is readable by nobody else. Nothing that is there is written over.
 * @throws not_found, tenant_busy, backup_refused, postgres_programs_missing
 */
export function backUpTenant(
  deps: LifeDeps,
  caller: Caller,
  request: BackupRequest,
  tell: Progress = SILENTLY,
): Promise<BackupFile> {
  const file = path.resolve(request.file);
  return withTenantLock(deps.config, caller.tenantId, async () => {
    if (await exists(file)) throw backupRefused(`${file} is there already, and is not written over.`);
    const database = await chooseDatabase(deps, caller.tenantId, request.mode);
    const server = await serverOf(deps, database);
    const unfinished = `${file}.${database.id}.unfinished`;
    try {
      await tell('dump');
      const manifest = await dump(deps, { server, database, unfinished });
      await publish(unfinished, file, manifest);
      await record(deps, caller, { path: file, manifest });
      return { path: file, manifest };
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  });
}

async function chooseDatabase(deps: LifeDeps, tenantId: string, mode: Mode | null): Promise<TenantDatabase> {
  const databases = await databasesOf(deps, tenantId);
  const [chosen, ...others] = mode === null ? databases : databases.filter((one) => one.mode === mode);
  if (!chosen) throw notFound(`The tenant has no ${mode ?? ''} database.`.replace('  ', ' '));
  if (others.length > 0) {
    throw backupRefused('The tenant has a test and a live database: say which with --mode.');
  }
  return chosen;
}

interface Dump {
  readonly server: DatabaseServer;
  readonly database: TenantDatabase;
  readonly unfinished: string;
}

async function dump(deps: LifeDeps, { server, database, unfinished }: Dump): Promise<BackupManifest> {
  const tenant = await deps.central.db.tenant.findUniqueOrThrow({ where: { id: database.tenantId } });
  return withAdminClient(
    server,
    async (client) => {
      const serverVersion = await serverMajorOf(client);
      const programs = await requirePrograms(deps.config, serverVersion);
      const takenAt = deps.clock.now().toISOString();
      const state = await beginSnapshot(client);
      // Made before the program opens it, so that it is nobody else's from its first byte on.
      await (await open(unfinished, 'w', 0o600)).close();
      await runPostgresProgram(
        programs.pgDump,
        // The pooler's look-up belongs to a superuser, and comes with the template.
        [
          '--format=custom',
          '--no-owner',
          '--no-acl',
          '--exclude-schema=nova_pooler',
          `--snapshot=${state.snapshot}`,
        ].concat(['--no-password', `--file=${unfinished}`]),
        { url: server.adminUrl, database: database.databaseName },
      );
      await client.query('COMMIT');
      return {
        format: 1,
        tenant: { id: tenant.id, slug: tenant.slug, name: tenant.name },
        mode: database.mode as Mode,
        databaseId: database.id,
        schemaVersion: state.schemaVersion,
        serverVersion,
        programVersion: programs.major,
        takenAt,
        ...(await digestOf(unfinished)),
        tables: state.tables,
      };
    },
    database.databaseName,
  );
}

/** What is in the database as the program will see it. */
async function beginSnapshot(
  client: pg.Client,
): Promise<{ snapshot: string; schemaVersion: string; tables: BackupManifest['tables'] }> {
  await speakPlainly(client);
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const { rows } = await client.query<{ snapshot: string; schemaVersion: string | null }>(
    `SELECT pg_export_snapshot() AS snapshot, (
       SELECT max(migration_name COLLATE "C") FROM _prisma_migrations
        WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL) AS "schemaVersion"`,
  );
  const [{ snapshot, schemaVersion } = { snapshot: '', schemaVersion: null }] = rows;
  if (schemaVersion === null)
    throw backupRefused('The database has no migrations: there is nothing to back up.');
  return { snapshot, schemaVersion, tables: await readContents(client, await listTables(client)) };
}

function record({ central }: LifeDeps, caller: Caller, { path: file, manifest }: BackupFile): Promise<void> {
  const { mode, databaseId, sha256, bytes, takenAt } = manifest;
  return central.db.$transaction((tx) =>
    recordAudit(tx, caller, {
      action: 'tenant.backed_up',
      target: { type: 'tenant', id: caller.tenantId },
      after: { mode, databaseId, file, sha256, bytes, takenAt },
    }),
  );
}
