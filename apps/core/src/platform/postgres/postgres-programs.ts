import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import type { Config } from '../config/config.schema.js';

/** Where packages of Linux distributions put the programs of each major version. */
const PACKAGED = [
  { parent: '/usr/lib/postgresql', folder: (version: string) => path.join(version, 'bin') },
  { parent: '/usr', folder: (name: string) => (/^pgsql-\d+$/.test(name) ? path.join(name, 'bin') : null) },
];

/** PostgreSQL's programs that write and read backups, both of one major version. */
export interface PostgresPrograms {
  readonly pgDump: string;
  readonly pgRestore: string;
  readonly major: number;
}

/**
 * Finds the programs to work with servers of this major version: of those that are not older than the server, the
 * nearest, for newer ones may say what the server does not understand. Null when there are none.
 */
export async function findPostgresPrograms(
  { pgBinFolder, programPath }: Pick<Config, 'pgBinFolder' | 'programPath'>,
  serverMajor: number,
): Promise<PostgresPrograms | null> {
  const folders = pgBinFolder === null ? [...(await packagedFolders()), ...programPath] : [pgBinFolder];
  const found = await Promise.all([...new Set(folders)].map(programsIn));
  return (
    found
      .filter((programs) => programs !== null)
      .filter(({ major }) => major >= serverMajor)
      .sort((a, b) => a.major - b.major)[0] ?? null
  );
}

async function packagedFolders(): Promise<string[]> {
  const lists = PACKAGED.map(async ({ parent, folder }) => {
    const names = await readdir(parent).catch(() => []);
    return names.flatMap((name) => {
      const below = folder(name);
      return below === null ? [] : [path.join(parent, below)];
    });
  });
  return (await Promise.all(lists)).flat();
}

async function programsIn(folder: string): Promise<PostgresPrograms | null> {
  const pgDump = path.join(folder, 'pg_dump');
  const pgRestore = path.join(folder, 'pg_restore');
  const [major, other] = await Promise.all([majorOf(pgDump), majorOf(pgRestore)]);
  return major !== null && major === other ? { pgDump, pgRestore, major } : null;
}

async function majorOf(program: string): Promise<number | null> {
  try {
    const { stdout } = await promisify(execFile)(program, ['--version'], { timeout: 10_000 });
    const [, major] = /\) (\d+)/.exec(stdout) ?? [];
    return major === undefined ? null : Number(major);
  } catch {
    return null;
  }
}
