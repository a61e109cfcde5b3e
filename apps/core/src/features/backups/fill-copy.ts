import type pg from 'pg';

import { runPostgresProgram } from '../../platform/postgres/run-postgres-program.js';
import { makeEmptyCopy, stampCopy } from '../../tenancy/backups/database-copies.js';
import { migrateDatabase } from '../../tenancy/migrator/migrate-database.js';
import { loadBuildMigrations } from '../../tenancy/migrator/schema-versions.js';
import { differences, listTables, readContents, speakPlainly } from '../../tenancy/moves/table-contents.js';
import { withAdminClient } from '../../tenancy/servers/admin-client.js';
import { protectHistory } from '../../tenancy/servers/tenant-template.js';
import type { Finding } from '../verify/money-check.js';
import { verifyDatabase } from '../verify/verify-database.js';
import type { BackupManifest } from './backup-file.js';
import { restoreRefused } from './backups.errors.js';
import { requirePrograms, serverMajorOf } from './require-programs.js';
import { type RestoreRun, stampOf } from './restore-run.js';

const FINDINGS_TOLD = 3;

/**
 * Reads a backup into a database of its own beside the tenant's, brings it up to this build, and sees whether everything
 * is there and the books are right. Whoever may not come in yet is the tenant. What an earlier attempt has left goes first.
 * @throws restore_refused, postgres_programs_missing
 */
export async function fillCopy(run: RestoreRun, admin: pg.Client): Promise<Finding[]> {
  const { backup, server, copies, names, deps, tell } = run;
  const programs = await requirePrograms(
    deps.config,
    Math.max(await serverMajorOf(admin), backup.manifest.programVersion),
  );
  await tell('restore');
  await makeEmptyCopy(admin, server, copies.fresh, names);
  await runPostgresProgram(
    programs.pgRestore,
    ['--no-owner', '--no-acl', '--exit-on-error', '--single-transaction', '--no-password']
      .concat(`--dbname=${copies.fresh}`)
      .concat(backup.path),
    { url: server.adminUrl, database: copies.fresh },
  );
  await tell('check');
  const findings = await withAdminClient(server, (client) => checkCopy(run, client), copies.fresh);
  await stampCopy(admin, copies.fresh, stampOf(backup));
  return findings;
}

async function checkCopy(
  { backup: { manifest }, names, request }: RestoreRun,
  client: pg.Client,
): Promise<Finding[]> {
  await refuseIncomplete(client, manifest);
  const { tenant: migrations } = await loadBuildMigrations();
  await migrateDatabase(client, migrations);
  await protectHistory(client, names.group);
  await client.query('ANALYZE');
  const { findings } = await verifyDatabase(client);
  if (findings.length > 0 && request.findings === 'refuse') throw restoreRefused(describe(findings));
  return [...findings];
}

async function refuseIncomplete(client: pg.Client, manifest: BackupManifest): Promise<void> {
  await speakPlainly(client);
  const contents = await readContents(client, await listTables(client));
  const different = differences(manifest.tables, contents);
  if (different.length === 0) return;
  throw restoreRefused(`What was read from the file is not what was backed up: ${different.join('; ')}.`);
}

function describe(findings: readonly Finding[]): string {
  const told = findings
    .slice(0, FINDINGS_TOLD)
    .map(({ check, id, expected, found }) => `${check} ${id}: ${expected} expected, ${found} found`);
  return `The books in the backup are wrong (${told.join('; ')}): --accept-findings restores it all the same.`;
}
