import type { Migration } from './load-migrations.js';
import { MigrationError } from './migration-error.js';
import type { RecordedMigration } from './migration-log.js';

/** What a database needs to come up to date, and the newest migration it has. */
export interface MigrationPlan {
  readonly pending: readonly Migration[];
  readonly newest: string | null;
}

/**
 * Compares what a database has recorded with the migrations there are. A database that is ahead, because a newer build
 * has migrated it, needs nothing.
 * @throws MigrationError when a recorded migration failed or was changed, or when the histories have parted
 */
export function planMigrations(
  migrations: readonly Migration[],
  recorded: readonly RecordedMigration[],
): MigrationPlan {
  const standing = recorded.filter((row) => row.rolledBackAt === null);
  for (const row of standing) if (row.finishedAt === null) throw unfinished(row);

  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const row of standing) {
    const migration = known.get(row.name);
    if (migration && migration.checksum !== row.checksum) throw changed(migration);
  }

  const applied = new Set(standing.map((row) => row.name));
  const pending = migrations.filter((migration) => !applied.has(migration.name));
  const unknown = [...applied].find((name) => !known.has(name));
  if (unknown !== undefined && pending.length > 0) {
    const missing = pending.map((migration) => migration.name).join(', ');
    throw new MigrationError(
      `The database has the migration ${unknown}, which this build does not know, and lacks ${missing}. ` +
        'Its history is another one than this build’s: use the build that it belongs to.',
    );
  }
  return { pending, newest: [...applied].sort().at(-1) ?? null };
}

function unfinished(row: RecordedMigration): MigrationError {
  const logs = row.logs ? ` It said: ${row.logs}` : '';
  return new MigrationError(
    `The migration ${row.name} was begun and not finished.${logs} Mend by hand what it left behind, then let it be ` +
      `tried again with: UPDATE _prisma_migrations SET rolled_back_at = now() WHERE id = '${row.id}'`,
  );
}

function changed(migration: Migration): MigrationError {
  return new MigrationError(
    `The migration ${migration.name} was changed after it had been applied: its checksum is not the recorded one. ` +
      'Restore the file, and make a new migration for the change.',
  );
}
