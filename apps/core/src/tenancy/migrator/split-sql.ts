/** One statement of a file of SQL. */
export interface SqlStatement {
  /** Without comments, and with every string emptied, so that what it does can be read off its words. */
  readonly text: string;
  /** Where it begins in the file, from 1 on. */
  readonly line: number;
}

/** Whatever of a file is no word: comments, strings in their three kinds, quoted names, and the end of a statement. */
const TOKEN =
  /(?<comment>--[^\n]*|\/\*[^]*?\*\/)|(?<string>\$(?<tag>[A-Za-z_]\w*)?\$[^]*?\$\k<tag>\$|\b[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*')|(?<name>"(?:[^"]|"")*")|(?<end>;)|[^]/g;

/** Cuts a file of SQL into its statements. Comments inside comments are not known here. */
export function splitSql(sql: string): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let text = '';
  let line = 1;
  let begunAt = 1;
  for (const match of sql.matchAll(TOKEN)) {
    const [token] = match;
    const { comment, string, end } = match.groups ?? {};
    if (end !== undefined) {
      if (text.trim() !== '') statements.push({ text: words(text), line: begunAt });
      text = '';
    } else {
      const meant = comment === undefined ? (string === undefined ? token : "''") : ' ';
      if (text.trim() === '' && meant.trim() !== '') begunAt = line;
      text += meant;
    }
    line += token.split('\n').length - 1;
  }
  if (text.trim() !== '') statements.push({ text: words(text), line: begunAt });
  return statements;
}

/** Cuts at the commas that stand in no parentheses: the actions of an ALTER TABLE, the columns of a CREATE TABLE. */
export function splitAtCommas(text: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"]|"")*"|[^]/g)) {
    if (token === '(') depth += 1;
    if (token === ')') depth -= 1;
    if (token === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** A name as PostgreSQL keeps it: of `public."A"` the last part, unquoted ones in lower case. */
export function nameOf(written: string): string {
  const last = /("(?:[^"]|"")*"|[^."\s]+)$/.exec(written.trim())?.[1] ?? '';
  return last.startsWith('"') ? last.slice(1, -1).replaceAll('""', '"') : last.toLowerCase();
}

function words(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
