import path from 'node:path';

import { notFound } from '../../../platform/errors/common-errors.js';
import type { Mode } from '../../../tenancy/tenant-context.js';
import type { Caller } from '../../audit/caller.js';
import { recordAudit } from '../../audit/record-audit.js';
import type { LifeDeps, Progress } from '../life-deps.js';
import { databasesOf, serverOf } from '../tenant-databases.js';
import { type DatabaseExport, exportDatabase } from './export-database.js';
import { readAccount } from './read-account.js';

export interface ExportOptions {
  readonly modes: readonly Mode[];
  /** Where the folders are made; the platform's data folder when null. */
  readonly folder: string | null;
  readonly pdfs: 'with' | 'without';
}

/** A folder with one of the tenant's databases. */
export interface TenantExport {
  readonly mode: string;
  readonly folder: string;
  readonly files: number;
  readonly rows: number;
}

/**
 * Exports a tenant's databases, each to a folder of its own; a mode that the tenant does not have is passed over. Works
 * whatever the tenant's status is, and without stopping it. It is read as the server's administrator, so that it takes
 * none of the tenant's connections.
 * @throws not_found, tenant_busy
 */
export async function exportTenant(
  deps: LifeDeps,
  caller: Caller,
  { modes, folder, pdfs }: ExportOptions,
  tell: Progress,
): Promise<TenantExport[]> {
  const { tenantId } = caller;
  const known = await deps.directory.fresh(tenantId);
  if (!known) throw notFound(`There is no tenant ${tenantId}.`);
  const databases = await databasesOf(deps, tenantId);
  const exports: TenantExport[] = [];
  for (const database of databases.filter(({ mode }) => modes.some((wanted) => wanted === mode))) {
    const done = await exportDatabase(
      {
        server: await serverOf(deps, database),
        database,
        tenant: known.profile,
        account: await readAccount(deps.central.db, database),
        folder: path.resolve(folder ?? path.join(deps.config.dataDir, 'exports')),
        pdfs,
        now: deps.clock.now(),
      },
      tell,
    );
    exports.push(summaryOf(database.mode, done));
  }
  await deps.central.db.$transaction((tx) =>
    recordAudit(tx, caller, {
      action: 'tenant.exported',
      target: { type: 'tenant', id: tenantId },
      after: Object.fromEntries(exports.map((done) => [done.mode, done.folder])),
    }),
  );
  return exports;
}

function summaryOf(mode: string, { folder, manifest }: DatabaseExport): TenantExport {
  const tables = manifest.files.filter(({ file }) => file.startsWith('tables/'));
  const rows = tables.reduce((sum, file) => sum + file.rows, 0);
  return { mode, folder, files: manifest.files.length, rows };
}
