import { nameOf, splitAtCommas, splitSql } from './split-sql.js';

/** A name as it is written in SQL, with or without its schema. */
const NAME = String.raw`(?:(?:"(?:[^"]|"")*"|\w+)\.)?(?:"(?:[^"]|"")*"|\w+)`;

const ALTER_TABLE = new RegExp(`^ALTER TABLE (?:IF EXISTS )?(?:ONLY )?(${NAME})\\*? (.*)$`, 'is');
const CREATE_TABLE = new RegExp(`^CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?(${NAME})`, 'i');
/** COLUMN may be left out, but then what is added may be a constraint. */
const ADD_COLUMN =
  /^ADD (?:COLUMN (?:IF NOT EXISTS )?|(?!(?:CONSTRAINT|CHECK|UNIQUE|PRIMARY|FOREIGN|EXCLUDE)\b))("(?:[^"]|"")*"|\w+)(.*)$/is;

/** What an ALTER TABLE does, action by action; null of any other statement. */
export function alterTableOf(statement: string): { table: string; actions: string[] } | null {
  const [, table, actions] = ALTER_TABLE.exec(statement) ?? [];
  return table === undefined || actions === undefined
    ? null
    : { table: nameOf(table), actions: splitAtCommas(actions) };
}

/** The table that a statement creates, if it does. */
export function createdTableOf(statement: string): string | null {
  const [, table] = CREATE_TABLE.exec(statement) ?? [];
  return table === undefined ? null : nameOf(table);
}

/** The column that an action of ALTER TABLE adds, and what is said of it. */
export function addedColumnOf(action: string): { column: string; definition: string } | null {
  const [, column, definition] = ADD_COLUMN.exec(action) ?? [];
  return column === undefined ? null : { column: nameOf(column), definition: definition ?? '' };
}

/** A column of a table, by their names in the database. */
export interface AddedColumn {
  readonly table: string;
  readonly column: string;
}

/** The columns that migrations add to tables, of those tables that they have not made themselves. */
export function addedColumns(files: readonly string[]): AddedColumn[] {
  const made = new Set<string>();
  const added: AddedColumn[] = [];
  for (const { text } of files.flatMap(splitSql)) {
    const created = createdTableOf(text);
    if (created !== null) made.add(created);
    const altered = alterTableOf(text);
    if (!altered || made.has(altered.table)) continue;
    for (const action of altered.actions) {
      const column = addedColumnOf(action)?.column;
      if (column !== undefined) added.push({ table: altered.table, column });
    }
  }
  return added;
}
