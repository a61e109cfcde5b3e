import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { breakageOf, type NewThings } from './breaking-changes.js';
import { loadMigrations, NEXT_STATEMENT, NO_TRANSACTION } from './load-migrations.js';
import { readOldestServed } from './schema-versions.js';
import { splitSql, type SqlStatement } from './split-sql.js';

/** A migration's file, for the lint. */
export interface MigrationFile {
  readonly name: string;
  readonly sql: string;
}

/** Something in a migration that must not be there. */
export interface LintFinding {
  readonly migration: string;
  readonly line: number;
  readonly problem: string;
}

/** `-- nova:breaks-previous <reason>`, on a line of its own. */
const BREAKS_PREVIOUS = /^-- nova:breaks-previous[ \t]+\S.*$/m;
const OUTSIDE_TRANSACTION_ONLY =
  /^(?:(?:CREATE(?: UNIQUE)?|DROP) INDEX CONCURRENTLY|REINDEX .*\bCONCURRENTLY|VACUUM|CREATE DATABASE|DROP DATABASE|ALTER SYSTEM|CREATE TABLESPACE|DROP TABLESPACE)\b|^ALTER TABLE .*\bDETACH PARTITION .*\bCONCURRENTLY\b/is;
const TRANSACTION_CONTROL =
  /^(?:BEGIN|START TRANSACTION|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|PREPARE TRANSACTION)\b/i;

/**
 * Examines a history of migrations, oldest first. What is newer than `oldestServed` runs beside the previous release, so
 * that it may add and not take away, unless its file says `-- nova:breaks-previous <reason>`: then the release note has to
 * tell operators to stop the old processes first.
 */
export function lintMigrations(files: readonly MigrationFile[], oldestServed: string): LintFinding[] {
  const news: NewThings = { tables: new Set(), columns: new Set() };
  return files
    .filter(({ name }) => name > oldestServed)
    .flatMap((file) => [...lintTransactions(file), ...lintBreakage(file, news)]);
}

/** The same for a folder, whose file `oldest-served` names the release before. */
export async function lintMigrationFolder(folder: string): Promise<LintFinding[]> {
  const files = (await loadMigrations(folder)).map(async ({ name }) => ({
    name,
    sql: await readFile(path.join(folder, name, 'migration.sql'), 'utf8'),
  }));
  return lintMigrations(await Promise.all(files), readOldestServed(folder));
}

function lintBreakage({ name, sql }: MigrationFile, news: NewThings): LintFinding[] {
  const findings = splitSql(sql).flatMap(({ text, line }) => {
    const breakage = breakageOf(text, news);
    return breakage === null ? [] : [{ migration: name, line, problem: `${breakage}. ${REMEDY}` }];
  });
  if (/^-- nova:breaks-previous[ \t]*$/m.test(sql))
    return [{ migration: name, line: 1, problem: 'is marked nova:breaks-previous without a reason.' }];
  return BREAKS_PREVIOUS.test(sql) ? [] : findings;
}

const REMEDY =
  'Do it a release later, when nothing uses it any more, or mark the file: -- nova:breaks-previous <reason>';

function lintTransactions({ name, sql }: MigrationFile): LintFinding[] {
  const finding = ({ line }: SqlStatement, problem: string) => ({ migration: name, line, problem });
  if (!NO_TRANSACTION.test(sql)) {
    return splitSql(sql).flatMap((statement) => {
      if (OUTSIDE_TRANSACTION_ONLY.test(statement.text))
        return [
          finding(statement, 'cannot run in a transaction. Open the file with: -- nova:no-transaction'),
        ];
      return TRANSACTION_CONTROL.test(statement.text)
        ? [
            finding(
              statement,
              'begins or ends a transaction, but the migrator runs the file in one of its own.',
            ),
          ]
        : [];
    });
  }
  const problem =
    'has to stand alone: set it apart by lines -- nova:next-statement, for what is sent together is one transaction.';
  const crowded = sql
    .split(NEXT_STATEMENT)
    .map(splitSql)
    .filter((group) => group.length > 1);
  return crowded.flatMap((group) =>
    group
      .filter(({ text }) => OUTSIDE_TRANSACTION_ONLY.test(text))
      .map(({ text }) =>
        finding(splitSql(sql).find((whole) => whole.text === text) ?? { text, line: 1 }, problem),
      ),
  );
}
