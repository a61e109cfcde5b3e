import { addedColumnOf, alterTableOf, createdTableOf } from './added-columns.js';
import { nameOf } from './split-sql.js';

/** What the previous release does not know, because migrations after it made it. It can be changed at will. */
export interface NewThings {
  readonly tables: Set<string>;
  /** `table.column` */
  readonly columns: Set<string>;
}

/** Whole statements that take away, or change the meaning of, what the previous release uses. */
const BREAKING_STATEMENTS: readonly (readonly [RegExp, string])[] = [
  [
    /^DROP (?:SCHEMA|VIEW|MATERIALIZED VIEW|SEQUENCE|TYPE|DOMAIN|EXTENSION|OWNED)\b/i,
    'drops what the previous release may use',
  ],
  [
    /^DROP (?:FUNCTION|PROCEDURE|ROUTINE|AGGREGATE|OPERATOR|CAST|COLLATION)\b/i,
    'drops what the previous release may call',
  ],
  [/^ALTER TYPE .* RENAME\b/is, 'renames a value or an attribute that the previous release names'],
  [/^ALTER TYPE .* (?:DROP|ALTER) ATTRIBUTE\b/is, 'changes a type that the previous release reads'],
  [
    /^ALTER (?:SCHEMA|VIEW|MATERIALIZED VIEW|SEQUENCE|DOMAIN|FUNCTION|PROCEDURE)\b.* (?:RENAME|SET SCHEMA)\b/is,
    'renames or moves what the previous release names',
  ],
  [/^ALTER DOMAIN .* (?:ADD|SET NOT NULL)\b/is, 'refuses what the previous release writes'],
  [/^REVOKE\b/i, 'takes rights away that the previous release uses'],
  [/^TRUNCATE\b/i, 'empties a table that the previous release reads'],
];

/**
 * Why the previous release could not go on with a database after this statement; null when it can. `news` learns what
 * the statement makes. The body of a DO block or a function is not looked into.
 */
export function breakageOf(statement: string, news: NewThings): string | null {
  const created = createdTableOf(statement);
  if (created !== null) news.tables.add(created);
  const altered = alterTableOf(statement);
  if (altered) return breakageOfTable(altered.table, altered.actions, news);
  const dropped = /^DROP (?:FOREIGN )?TABLE (?:IF EXISTS )?(.*?)(?: CASCADE| RESTRICT)?$/i.exec(
    statement,
  )?.[1];
  if (dropped !== undefined) {
    const old = dropped
      .split(',')
      .map(nameOf)
      .find((table) => !news.tables.has(table));
    return old === undefined ? null : `drops the table ${old}, which the previous release uses`;
  }
  return breakageOfUniqueIndex(statement, news) ?? breakageOfTheRest(statement);
}

function breakageOfTheRest(statement: string): string | null {
  return BREAKING_STATEMENTS.find(([pattern]) => pattern.test(statement))?.[1] ?? null;
}

function breakageOfTable(table: string, actions: readonly string[], news: NewThings): string | null {
  if (news.tables.has(table)) {
    const renamed = /^RENAME TO (\S+)$/i.exec(actions[0] ?? '')?.[1];
    if (renamed !== undefined) news.tables.add(nameOf(renamed));
    return null;
  }
  const replaced = new Set(
    actions.flatMap((action) => /^DROP CONSTRAINT (?:IF EXISTS )?(\S+)/i.exec(action)?.[1] ?? []).map(nameOf),
  );
  for (const action of actions) {
    const added = addedColumnOf(action);
    const breakage = added
      ? breakageOfAdded(table, added, news)
      : (breakageOfColumn(table, action, news) ?? breakageOfConstraint(table, action, news, replaced));
    if (breakage !== null) return breakage;
  }
  return null;
}

function breakageOfAdded(
  table: string,
  { column, definition }: { column: string; definition: string },
  news: NewThings,
): string | null {
  news.columns.add(`${table}.${column}`);
  const filled = /\bDEFAULT\b|\bGENERATED\b|\b(?:small|big)?serial\b/i.test(definition);
  const needed = /\bNOT NULL\b|\bPRIMARY KEY\b/i.test(definition);
  return needed && !filled
    ? `adds the column ${table}.${column}, which the previous release does not write, as NOT NULL without a default`
    : null;
}

/** Each names the column first. */
const BREAKING_COLUMN_ACTIONS: readonly (readonly [RegExp, string])[] = [
  [
    /^DROP (?:COLUMN )?(?!CONSTRAINT\b)(?:IF EXISTS )?("[^"]+"|\w+)(?: CASCADE| RESTRICT)?$/i,
    'drops the column',
  ],
  [/^RENAME (?:COLUMN )?(?!TO\b|CONSTRAINT\b)("[^"]+"|\w+) TO\b/i, 'renames the column'],
  [/^ALTER (?:COLUMN )?("[^"]+"|\w+) (?:SET DATA )?TYPE\b/i, 'changes the type of'],
  [/^ALTER (?:COLUMN )?("[^"]+"|\w+) SET NOT NULL$/i, 'requires a value of'],
  [/^ALTER (?:COLUMN )?("[^"]+"|\w+) DROP DEFAULT$/i, 'drops the default of'],
  [
    /^ALTER (?:COLUMN )?("[^"]+"|\w+) DROP NOT NULL$/i,
    'allows NULL, which the previous release does not expect, in',
  ],
  [
    /^ALTER (?:COLUMN )?("[^"]+"|\w+) (?:DROP (?:IDENTITY|EXPRESSION)|ADD GENERATED ALWAYS|SET GENERATED ALWAYS)\b/i,
    'changes how values are made for',
  ],
];

function breakageOfColumn(table: string, action: string, news: NewThings): string | null {
  if (/^RENAME TO\b/i.test(action)) return `renames the table ${table}, which the previous release uses`;
  if (/^SET SCHEMA\b/i.test(action)) return `moves the table ${table}, which the previous release uses`;
  if (/^(?:ENABLE|FORCE) ROW LEVEL SECURITY$/i.test(action))
    return `hides rows of ${table} from the previous release`;
  for (const [pattern, what] of BREAKING_COLUMN_ACTIONS) {
    const column = pattern.exec(action)?.[1];
    if (column !== undefined && !news.columns.has(`${table}.${nameOf(column)}`))
      return `${what} ${table}.${nameOf(column)}`;
  }
  return null;
}

/** A check that is dropped and made anew in the same statement is taken to have become wider. */
function breakageOfConstraint(
  table: string,
  action: string,
  news: NewThings,
  replaced: ReadonlySet<string>,
): string | null {
  const [, name = '', kind = ''] =
    /^ADD (?:CONSTRAINT (\S+) )?(CHECK|UNIQUE|PRIMARY KEY|FOREIGN KEY|EXCLUDE)\b/i.exec(action) ?? [];
  if (kind === '' || (kind.toUpperCase() === 'CHECK' && replaced.has(nameOf(name)))) return null;
  return namesNewColumn(table, action, news)
    ? null
    : `adds a constraint to ${table}, which may refuse what the previous release writes`;
}

function breakageOfUniqueIndex(statement: string, news: NewThings): string | null {
  const [, table, columns = ''] =
    /^CREATE UNIQUE INDEX (?:CONCURRENTLY )?.*? ?ON (?:ONLY )?((?:[^\s(.]+\.)?[^\s(]+) ?(.*)$/is.exec(
      statement,
    ) ?? [];
  if (table === undefined || news.tables.has(nameOf(table))) return null;
  return namesNewColumn(nameOf(table), columns, news)
    ? null
    : `adds a unique index to ${nameOf(table)}, which may refuse what the previous release writes`;
}

/** The previous release leaves new columns at their defaults, so that a rule about one is not about its rows. */
function namesNewColumn(table: string, text: string, news: NewThings): boolean {
  const names = [...text.matchAll(/"(?:[^"]|"")*"|\b[A-Za-z_]\w*\b/g)].map(([name]) => nameOf(name));
  return names.some((name) => news.columns.has(`${table}.${name}`));
}
