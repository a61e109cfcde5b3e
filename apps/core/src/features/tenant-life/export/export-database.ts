import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { TenantDatabase } from '@nova/prisma-central';
import type pg from 'pg';

import { tryWithAdvisoryLock } from '../../../platform/postgres/advisory-lock.js';
import { type DatabaseServer, withAdminClient } from '../../../tenancy/servers/admin-client.js';
import { withSnapshotReader } from '../../../tenancy/servers/with-snapshot-reader.js';
import type { TenantProfile } from '../../../tenancy/tenant-context.js';
import { tenantBusy } from '../../../tenancy/tenancy.errors.js';
import type { Progress } from '../life-deps.js';
import { beginFolder } from './export-folder.js';
import { LEFT_OUT } from './left-out.js';
import { readRows, readTables } from './read-tables.js';
import { writeInvoices } from './write-invoices.js';
import { writeLines, type WrittenFile } from './write-lines.js';

/** The files of an export; `format` grows when a reader would have to know. */
export interface Manifest {
  readonly format: 1;
  readonly tenant: { readonly id: string; readonly slug: string; readonly name: string };
  readonly mode: string;
  readonly schemaVersion: string | null;
  /** The moment whose state is exported: all files are of one snapshot. */
  readonly exportedAt: string;
  readonly files: readonly ({ readonly file: string } & WrittenFile)[];
  readonly leftOut: typeof LEFT_OUT;
  readonly notes: readonly string[];
}

export interface DatabaseExport {
  readonly folder: string;
  readonly manifest: Manifest;
}

export interface DatabaseExportRequest {
  readonly server: DatabaseServer;
  readonly database: TenantDatabase;
  readonly tenant: TenantProfile;
  readonly account: object;
  readonly folder: string;
  readonly pdfs: 'with' | 'without';
  readonly now: Date;
}

const NOTES = [
  'tables/*.ndjson: one JSON object a line, named as the columns are, ordered by primary key.',
  'Amounts are whole minor units. bigint and numeric are JSON numbers with all their digits: read them as integers and decimals, not as floats.',
  'Moments are ISO 8601 in UTC.',
  'invoices.ndjson lists the PDFs in invoices/ with their SHA-256; account.json is what the platform knows besides.',
];

/**
 * Exports one database of a tenant to a folder of its own: a file a table, the invoices as PDFs, and a manifest. All of
 * it is of one moment, and the folder has its name only once it is complete. Asked again, it begins anew.
 * @throws tenant_busy when the same database is being exported already
 */
export async function exportDatabase(
  request: DatabaseExportRequest,
  tell: Progress,
): Promise<DatabaseExport> {
  const { server, database } = request;
  const done = await withAdminClient(
    server,
    (client) => tryWithAdvisoryLock(client, 'nova:export', () => exportLocked(client, request, tell)),
    database.databaseName,
  );
  if (!done) throw tenantBusy(`The ${database.mode} database is being exported already.`);
  return done.result;
}

async function exportLocked(
  client: pg.Client,
  request: DatabaseExportRequest,
  tell: Progress,
): Promise<DatabaseExport> {
  const { database, tenant, now } = request;
  const stem = `${tenant.slug}-${database.mode}`;
  const folder = await beginFolder(request.folder, { stem, moment: now });
  try {
    const manifest = await writeFiles(client, request, folder.path, tell);
    return { folder: await folder.finish(), manifest };
  } catch (error) {
    await folder.discard();
    throw error;
  }
}

async function writeFiles(
  client: pg.Client,
  { server, database, tenant, account, pdfs, now }: DatabaseExportRequest,
  folder: string,
  tell: Progress,
): Promise<Manifest> {
  const files: ({ file: string } & WrittenFile)[] = [];
  await client.query("SET TimeZone = 'UTC'");
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const { rows } = await client.query<{ snapshot: string }>('SELECT pg_export_snapshot() AS snapshot');
  await mkdir(path.join(folder, 'tables'), { mode: 0o700 });
  for (const table of await readTables(client)) {
    await tell(`export ${database.mode} ${table.name}`);
    const file = `tables/${table.name}.ndjson`;
    files.push({ file, ...(await writeLines(path.join(folder, file), readRows(client, table))) });
  }
  if (pdfs === 'with') {
    await tell(`export ${database.mode} invoices as PDFs`);
    const at = { databaseName: database.databaseName, snapshot: rows[0]?.snapshot ?? '' };
    const written = await withSnapshotReader(server, at, (db) => writeInvoices(folder, tenant, db));
    files.push({ file: 'invoices.ndjson', ...written });
  }
  await client.query('COMMIT');
  files.push({ file: 'account.json', ...(await writeJson(path.join(folder, 'account.json'), account)) });
  const manifest: Manifest = {
    format: 1,
    tenant: { id: tenant.id, slug: tenant.slug, name: tenant.name },
    mode: database.mode,
    schemaVersion: database.schemaVersion,
    exportedAt: now.toISOString(),
    files,
    leftOut: LEFT_OUT,
    notes: NOTES,
  };
  await writeFile(path.join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`, {
    flush: true,
    mode: 0o600,
  });
  return manifest;
}

async function writeJson(file: string, value: object): Promise<WrittenFile> {
  async function* lines() {
    yield* JSON.stringify(value, null, 2).split('\n');
  }
  return { ...(await writeLines(file, lines())), rows: 1 };
}
