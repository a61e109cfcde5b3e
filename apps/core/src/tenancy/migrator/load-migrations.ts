import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { MigrationError } from './migration-error.js';

const FOLDER_NAME = /^\d{14}_[a-z0-9_]+$/;
export const NO_TRANSACTION = /^-- nova:no-transaction[ \t]*\r?\n/;
export const NEXT_STATEMENT = /^-- nova:next-statement[ \t]*$/m;

/** One step of a schema's history: `migrations/<name>/migration.sql`. */
export interface Migration {
  readonly name: string;
  /** SHA-256 of the file, as Prisma records it. */
  readonly checksum: string;
  /**
   * What is sent to PostgreSQL, one after the other: all of the file at once in a transaction, or the statements of a file
   * that opens with `-- nova:no-transaction`, which are set apart by lines `-- nova:next-statement`.
   */
  readonly statements: readonly string[];
  readonly transactional: boolean;
}

/** Reads the migrations of a folder, oldest first. */
export async function loadMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const strange = names.find((name) => !FOLDER_NAME.test(name));
  if (strange !== undefined) {
    throw new MigrationError(
      `${path.join(folder, strange)} is not named like a migration (20260131120000_what_it_does).`,
    );
  }
  return Promise.all(
    names
      .sort()
      .map(async (name) => parseMigration(name, await readFile(path.join(folder, name, 'migration.sql')))),
  );
}

/** Makes a migration of the bytes of its file. */
export function parseMigration(name: string, file: Buffer): Migration {
  const sql = file.toString('utf8');
  const transactional = !NO_TRANSACTION.test(sql);
  if (transactional && /^\s*(COMMIT|ROLLBACK)\b/im.test(sql)) {
    throw new MigrationError(
      `The migration ${name} ends a transaction, but the migrator runs it in one of its own.`,
    );
  }
  return {
    name,
    checksum: createHash('sha256').update(file).digest('hex'),
    statements: transactional ? [sql] : sql.split(NEXT_STATEMENT),
    transactional,
  };
}
