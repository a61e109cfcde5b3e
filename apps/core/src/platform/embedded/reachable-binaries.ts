import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { OsAccount } from './os-account.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import { StartupError } from './startup-error.js';

/** Where a copy may be put, in the order of preference. All of them are meant to be open to every user. */
const SHARED_FOLDERS = ['/var/lib/novabilling', '/var/tmp/novabilling', path.join(tmpdir(), 'novabilling')];

/**
 * The folder of PostgreSQL's programs as `account` can reach it. A clone in root's home is closed to everybody else;
 * then the programs are copied, once per version, to a folder that belongs to root and is open to all.
 */
export async function reachableBinaries(binaries: PostgresBinaries, account: OsAccount): Promise<string> {
  if (canRun(binaries.root, account)) return binaries.root;
  for (const shared of SHARED_FOLDERS) {
    const copy = path.join(shared, `postgres-${binaries.version}-${process.arch}`);
    try {
      if (!existsSync(copy)) await copyTo(copy, binaries.root);
      if ((await belongsToRoot(shared)) && (await belongsToRoot(copy)) && canRun(copy, account)) return copy;
    } catch {
      // A read-only or full file system: the next folder may be better.
    }
  }
  throw new StartupError(
    `The account ${account.name} cannot reach PostgreSQL's programs in ${binaries.root}.`,
    'start NovaBilling as an ordinary user, or from a folder that every user can enter.',
  );
}

/** Asks the operating system, which knows about access lists and mounts, by acting as that account. */
function canRun(root: string, account: OsAccount): boolean {
  const probe =
    'test -x "$1/bin/postgres" && test -x "$1/bin/initdb" && test -r "$1/share/postgresql/postgres.bki"';
  const { status } = spawnSync('/bin/sh', ['-c', probe, 'sh', root], {
    uid: account.uid,
    gid: account.gid,
    cwd: '/',
  });
  return status === 0;
}

/** A folder that another user may write to could hold another user's programs. */
async function belongsToRoot(folder: string): Promise<boolean> {
  const { uid, mode } = await stat(folder);
  return uid === 0 && (mode & 0o022) === 0;
}

async function copyTo(copy: string, root: string): Promise<void> {
  await mkdir(path.dirname(copy), { recursive: true, mode: 0o755 });
  const draft = await mkdtemp(`${copy}-`);
  try {
    const forBuildingOnly = /\.a$|\/pkgconfig(\/|$)|\/include(\/|$)/;
    const filter = (file: string) => !forBuildingOnly.test(file.slice(root.length));
    await cp(root, draft, { recursive: true, verbatimSymlinks: true, filter });
    await openToAll(draft);
    await rename(draft, copy);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(place);
    else if (entry.isFile()) await chmod(place, folder.endsWith('/bin') ? 0o755 : 0o644);
  }
}
