import { createHash } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { chown, mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';

import { accountFor, type OsAccount } from './os-account.js';
import { findPostgresBinaries } from './postgres-binaries.js';
import { reachableBinaries } from './reachable-binaries.js';

/** A PostgreSQL cluster's place on the disk and how its programs are to be run. */
export interface Cluster {
  /** Holds `data`, and belongs to the account that PostgreSQL runs under. */
  folder: string;
  dataFolder: string;
  logFile: string;
  binFolder: string;
  version: string;
  /** Null: PostgreSQL runs as ourselves. */
  account: OsAccount | null;
  /** In the command line of every process of this cluster and of no other, so that its processes can be told. */
  name: string;
}

/** A program's way into the cluster's folder: the path that it uses, and the open folder it inherits, if any. */
export interface Entrance {
  path: string;
  folder: FileHandle | null;
}

export async function describeCluster(dataDir: string): Promise<Cluster> {
  const folder = path.join(dataDir, 'postgres');
  const account = await accountFor(folder);
  const binaries = await findPostgresBinaries();
  const root = account ? await reachableBinaries(binaries, account) : binaries.root;
  if (!existsSync(folder)) {
    await mkdir(folder, { mode: 0o700 });
    if (account) await chown(folder, account.uid, account.gid);
  }
  return {
    folder,
    dataFolder: path.join(folder, 'data'),
    logFile: path.join(dataDir, 'postgres.log'),
    binFolder: path.join(root, 'bin'),
    version: binaries.version,
    account,
    name: await clusterName(folder),
  };
}

/** Derived from the folder itself: it survives a move, and a copy of the folder gets another name. */
async function clusterName(folder: string): Promise<string> {
  const { dev, ino } = await stat(folder, { bigint: true });
  return `novabilling-${createHash('sha256').update(`${dev}:${ino}`).digest('hex').slice(0, 12)}`;
}

/**
 * Opens the way in. The data folder is closed to all but its owner, so as root, when PostgreSQL runs under another
 * account, its programs could not come this far: they inherit the open folder as file descriptor 3 instead.
 */
export async function enter(cluster: Cluster): Promise<Entrance> {
  if (!cluster.account) return { path: cluster.folder, folder: null };
  const folder = await open(cluster.folder, constants.O_RDONLY | constants.O_DIRECTORY);
  return { path: '/proc/self/fd/3', folder };
}

const LOG_BYTES_MAX = 5_000_000;

/** Opens PostgreSQL's log for appending. A long one is put aside first, over the one put aside before. */
export async function openLog(cluster: Cluster): Promise<FileHandle> {
  if (existsSync(cluster.logFile) && (await stat(cluster.logFile)).size > LOG_BYTES_MAX) {
    await rename(cluster.logFile, `${cluster.logFile}.1`);
  }
  return open(cluster.logFile, 'a', 0o600);
}

/** The last lines of PostgreSQL's log, for a message about a failure. */
export async function tailOfLog(cluster: Cluster): Promise<string> {
  const log = await open(cluster.logFile, 'r');
  try {
    const { size } = await log.stat();
    const start = Math.max(0, size - 2_000);
    const { buffer, bytesRead } = await log.read(Buffer.alloc(2_000), 0, 2_000, start);
    return buffer.toString('utf8', 0, bytesRead).trim().split('\n').slice(-8).join('\n');
  } finally {
    await log.close();
  }
}

/** Removes what an interrupted initialisation left: no server ever ran on it. */
export async function removeHalfMade(cluster: Cluster): Promise<void> {
  await rm(cluster.dataFolder, { recursive: true, force: true });
}
