import { describe, expect, it } from 'vitest';

import { lintMigrationFolder, lintMigrations } from './lint-migrations.js';
import { MIGRATION_FOLDERS } from './schema-versions.js';

const SERVED = '20260101000000_served';
const NEWER = '20260102000000_newer';

const problemsOf = (sql: string) => lintMigrations([{ name: NEWER, sql }], SERVED).map((f) => f.problem);

describe('a migration that the previous release cannot live with', () => {
  it.each([
    ['ALTER TABLE "invoices" DROP COLUMN "total";', 'drops the column invoices.total'],
    ['alter table only public.invoices drop total', 'drops the column invoices.total'],
    ['ALTER TABLE "invoices" DROP COLUMN IF EXISTS "total" CASCADE;', 'drops the column invoices.total'],
    ['ALTER TABLE a ADD COLUMN x int, DROP COLUMN "y,z";', 'drops the column a.y,z'],
    ['ALTER TABLE "a" RENAME COLUMN "x" TO "y";', 'renames the column a.x'],
    ['ALTER TABLE "a" RENAME x TO y;', 'renames the column a.x'],
    ['ALTER TABLE "a" RENAME TO "b";', 'renames the table a'],
    ['ALTER TABLE a SET SCHEMA other;', 'moves the table a'],
    ['ALTER TABLE a ENABLE ROW LEVEL SECURITY;', 'hides rows of a'],
    ['DROP TABLE "a";', 'drops the table a'],
    ['DROP TABLE IF EXISTS a, b CASCADE', 'drops the table a'],
    ['CREATE TABLE a (id int); DROP TABLE a, b;', 'drops the table b'],
    ['ALTER TABLE "a" ALTER COLUMN "x" SET DATA TYPE BIGINT;', 'changes the type of a.x'],
    ['ALTER TABLE a ALTER x TYPE text USING x::text;', 'changes the type of a.x'],
    ['ALTER TABLE "a" ALTER COLUMN "x" SET NOT NULL;', 'requires a value of a.x'],
    ['ALTER TABLE "a" ALTER COLUMN "x" DROP DEFAULT;', 'drops the default of a.x'],
    ['ALTER TABLE "a" ALTER COLUMN "x" DROP NOT NULL;', 'allows NULL'],
    ['ALTER TABLE a ADD COLUMN x int NOT NULL;', 'NOT NULL without a default'],
    ['ALTER TABLE a ADD x int NOT NULL;', 'NOT NULL without a default'],
    [
      "ALTER TABLE a ADD COLUMN IF NOT EXISTS x text NOT NULL CHECK (x <> 'DEFAULT');",
      'NOT NULL without a default',
    ],
    ['ALTER TABLE a ADD CONSTRAINT a_x_check CHECK (x > 0);', 'adds a constraint to a'],
    ['ALTER TABLE a ADD UNIQUE (x);', 'adds a constraint to a'],
    ['ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES b (id);', 'adds a constraint to a'],
    ['CREATE UNIQUE INDEX "a_x_key" ON "a"("x");', 'adds a unique index to a'],
    [
      'CREATE UNIQUE INDEX IF NOT EXISTS a_x_key ON public.a (x) WHERE x IS NOT NULL;',
      'adds a unique index to a',
    ],
    ['DROP FUNCTION "record_audit"();', 'drops what the previous release may call'],
    ['DROP TYPE mood;', 'drops what the previous release may use'],
    ["ALTER TYPE mood RENAME VALUE 'a' TO 'b';", 'renames a value'],
    ['REVOKE INSERT ON a FROM b;', 'takes rights away'],
    ['TRUNCATE a;', 'empties a table'],
    ['/* it; */ -- well;\nDROP TABLE a;', 'drops the table a'],
  ])('%s', (sql, problem) => {
    expect(problemsOf(sql).join()).toContain(problem);
    expect(problemsOf(`-- nova:breaks-previous Nothing has read it since 1.4.\n${sql}`)).toEqual([]);
    expect(lintMigrations([{ name: SERVED, sql }], SERVED), 'the release before it').toEqual([]);
  });

  it('is named with its line, and needs a reason', () => {
    const sql = 'SELECT 1;\n\n-- Why not?\nDROP TABLE a;\n';
    expect(lintMigrations([{ name: NEWER, sql }], SERVED)).toMatchObject([{ migration: NEWER, line: 4 }]);
    expect(problemsOf(`-- nova:breaks-previous\n${sql}`).join()).toContain('without a reason');
  });
});

describe('a migration that the previous release does not notice', () => {
  it.each([
    'ALTER TABLE a ADD COLUMN x int;',
    'ALTER TABLE a ADD COLUMN "x" TEXT NOT NULL DEFAULT \'\', ADD COLUMN y int;',
    'ALTER TABLE a ADD COLUMN x int GENERATED ALWAYS AS (y * 2) STORED NOT NULL;',
    'ALTER TABLE a ADD COLUMN x int; ALTER TABLE a ADD CONSTRAINT c CHECK (x > y);',
    'ALTER TABLE a ADD COLUMN "x" int; CREATE UNIQUE INDEX a_x_key ON a ("x", "y");',
    'ALTER TABLE a ADD COLUMN x int; ALTER TABLE a ALTER COLUMN x SET NOT NULL, DROP COLUMN x;',
    "ALTER TABLE a DROP CONSTRAINT c, ADD CONSTRAINT c CHECK (status IN ('x', 'y'));",
    'ALTER TABLE a ALTER COLUMN x SET DEFAULT 7;',
    'ALTER TABLE a RENAME CONSTRAINT c TO d;',
    'ALTER TABLE a SET (fillfactor = 80);',
    'ALTER TABLE a VALIDATE CONSTRAINT c;',
    'CREATE TABLE b (id int NOT NULL, CHECK (id > 0)); CREATE UNIQUE INDEX i ON b (id);',
    'CREATE TABLE "b" (id int); ALTER TABLE "b" ADD CONSTRAINT c CHECK (id > 0), DROP COLUMN id; DROP TABLE b;',
    'CREATE INDEX i ON a (x);',
    'DROP INDEX i;',
    "INSERT INTO a VALUES ('DROP TABLE a; ALTER TABLE a DROP COLUMN x;');",
    '-- DROP TABLE a;\n/* DROP TABLE a; */ SELECT 1;',
    'CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN DROP TABLE a; END $body$;',
    "DO $$ BEGIN EXECUTE 'DROP TABLE a'; END $$;",
    "SELECT E'it\\'s; DROP TABLE a;';",
    'UPDATE a SET x = 1; DELETE FROM a WHERE y;',
    'GRANT SELECT ON a TO b;',
  ])('%s', (sql) => {
    expect(problemsOf(sql)).toEqual([]);
  });

  it('may undo what an earlier one of the same release made', () => {
    const files = [
      { name: NEWER, sql: 'CREATE TABLE b (id int); ALTER TABLE a ADD COLUMN x int;' },
      { name: '20260103000000_again', sql: 'DROP TABLE b; ALTER TABLE a RENAME COLUMN x TO y;' },
    ];
    expect(lintMigrations(files, SERVED)).toEqual([]);
    expect(lintMigrations(files, NEWER)).toHaveLength(2);
  });
});

describe('what cannot run in a transaction', () => {
  it.each([
    'CREATE INDEX CONCURRENTLY i ON a (x);',
    'create unique index concurrently i on a (x);',
    'DROP INDEX CONCURRENTLY IF EXISTS i;',
    'REINDEX TABLE CONCURRENTLY a;',
    'VACUUM a;',
  ])('%s is refused in one', (sql) => {
    expect(problemsOf(`SELECT 1;\n${sql}`).join()).toContain('cannot run in a transaction');
    const alone = `-- nova:no-transaction\n-- nova:breaks-previous It is a sample.\n${sql}`;
    expect(problemsOf(alone)).toEqual([]);
    expect(problemsOf(`${alone}\nSELECT 1;`).join()).toContain('stand alone');
    expect(problemsOf(`${alone}\n-- nova:next-statement\nSELECT 1;\nSELECT 2;`)).toEqual([]);
  });

  it('and what would end the migrator’s own is refused too, but not in the body of a function', () => {
    expect(problemsOf('SELECT 1; COMMIT;').join()).toContain('begins or ends a transaction');
    expect(problemsOf('BEGIN; SELECT 1;').join()).toContain('begins or ends a transaction');
    expect(problemsOf('DO $$ BEGIN PERFORM 1; END; $$;')).toEqual([]);
  });
});

describe('our own migrations', () => {
  it.each(['central', 'tenant'] as const)(
    'of the %s schema leave the previous release at work',
    async (which) => {
      expect(await lintMigrationFolder(MIGRATION_FOLDERS[which])).toEqual([]);
    },
  );
});
