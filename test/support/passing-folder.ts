import { access, mkdtemp, readdir, readFile, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Where Linux keeps files in memory. Other systems have none. */
const MEMORY = '/dev/shm';
const GIB = 1024 ** 3;
/** A whole run's databases at once and their write-ahead log come to two. */
const ROOM_BYTES = 4 * GIB;
/** With what the processes of a run need beside it. */
const FREE_BYTES = ROOM_BYTES + 4 * GIB;
const HOUR_MS = 3_600_000;

/**
 * A new folder for a PostgreSQL whose data nobody wants afterwards: in memory where there is room for it, which takes
 * the server half of its work, since every platform under test makes databases of a thousand files.
 */
export async function makePassingFolder(prefix: string): Promise<string> {
  const parent = (await hasRoom()) ? MEMORY : tmpdir();
  if (parent === MEMORY) await removeLeftOver(prefix);
  return mkdtemp(path.join(parent, prefix));
}

async function hasRoom(): Promise<boolean> {
  try {
    await access(MEMORY);
    const { bavail, bsize } = await statfs(MEMORY);
    return bavail * bsize >= ROOM_BYTES && process.availableMemory() >= FREE_BYTES;
  } catch {
    return false;
  }
}

/** What runs that were killed have left would take up memory until the machine is started anew. */
async function removeLeftOver(prefix: string): Promise<void> {
  for (const name of await readdir(MEMORY)) {
    const folder = path.join(MEMORY, name);
    if (name.startsWith(prefix) && (await isLeftOver(folder)))
      await rm(folder, { recursive: true, force: true });
  }
}

/** Nobody has touched it for an hour, and the server that was on it has ended. */
async function isLeftOver(folder: string): Promise<boolean> {
  try {
    if (Date.now() - (await stat(folder)).mtimeMs < HOUR_MS) return false;
    const pid = Number(
      (await readFile(path.join(folder, 'postgres/data/postmaster.pid'), 'utf8')).split('\n')[0],
    );
    process.kill(pid, 0);
    return false;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ESRCH';
  }
}
