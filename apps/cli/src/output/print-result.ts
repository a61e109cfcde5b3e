import Table from 'cli-table3';

export interface OutputOptions {
  json?: boolean | undefined;
}

/** Prints a result on standard output: as one JSON document, or as text made by `toText`. */
export function printResult<T>(result: T, options: OutputOptions, toText: (result: T) => string): void {
  const text = options.json ? JSON.stringify(result, null, 2) : toText(result);
  process.stdout.write(`${text}\n`);
}

/** A plain table without lines of characters, so that it can be cut and searched. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const plain = new Table({
    head: [...head],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: Object.fromEntries(
      ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
        .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'])
        .map((name) => [name, '']),
    ),
  });
  for (const row of rows) plain.push([...row]);
  return plain
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Aligned `name  value` lines. */
export function fields(entries: Readonly<Record<string, string | null>>): string {
  const width = Math.max(...Object.keys(entries).map((name) => name.length));
  return Object.entries(entries)
    .map(([name, value]) => `${name.padEnd(width)}  ${value ?? '–'}`)
    .join('\n');
}
