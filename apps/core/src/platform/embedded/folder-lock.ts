import { createHash, randomUUID } from 'node:crypto';
import { link, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import { errorCode, readJsonIfThere } from './private-files.js';
import { processStart } from './process-identity.js';
import { StartupError } from './startup-error.js';

const HolderSchema = z.object({ pid: z.int().positive(), start: z.string() });
type Holder = z.infer<typeof HolderSchema>;
/** Whose a lock is that says nothing of a process: nobody's. */
const UNREADABLE: Holder = { pid: 0, start: 'unreadable' };

export interface FolderLock {
  release(): Promise<void>;
}

const ATTEMPTS = 50;
const NEXT_ATTEMPT_MS = 20;

/** Who runs on the data folder at this moment, or null. A lock whose process has ended is nobody's. */
export async function folderHolder(dataDir: string): Promise<number | null> {
  const holder = await readHolder(lockFile(dataDir));
  return holder && (await isAlive(holder)) ? holder.pid : null;
}

/** Takes the data folder for this process. A lock that a killed process left behind is taken over. */
export async function lockFolder(dataDir: string): Promise<FolderLock> {
  const file = lockFile(dataDir);
  const ours: Holder = { pid: process.pid, start: (await processStart(process.pid)) ?? '' };
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(ours), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (await linked(draft, file)) return { release: () => release(file, ours) };
      const holder = await readHolder(file);
      // It was given back meanwhile. To clear away what is not there would be to clear away the next one's.
      if (!holder) continue;
      if (await isAlive(holder)) throw alreadyRunning(dataDir, holder.pid);
      if (!(await clearAway(file, draft, holder))) await sleep(NEXT_ATTEMPT_MS);
    }
    throw new StartupError(`The lock ${file} cannot be taken.`, 'remove that file and start again.');
  } finally {
    await rm(draft, { force: true });
  }
}

const lockFile = (dataDir: string) => path.join(dataDir, 'lock.json');

/** Null when there is no such file. */
async function readHolder(file: string): Promise<Holder | null> {
  const content = await readJsonIfThere(file);
  return content === null ? null : (HolderSchema.safeParse(content).data ?? UNREADABLE);
}

async function isAlive(holder: Holder): Promise<boolean> {
  return (await processStart(holder.pid)) === holder.start;
}

/** A link comes into being whole, or not at all when the name is taken. */
async function linked(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Takes a dead holder's lock away. Only who has the right to follow that very holder may, and only while the lock is
 * still that holder's: otherwise two that found it dead could each clear away what the other has put there since.
 * @returns false when another start is doing it
 */
async function clearAway(file: string, draft: string, dead: Holder): Promise<boolean> {
  const rights = await takeRight(file, draft, dead);
  if (rights.length === 0) return false;
  if (isSame(await readHolder(file), dead)) await rm(file, { force: true });
  for (const right of rights) await rm(right, { force: true });
  return true;
}

/**
 * The right to follow a holder is a file named after it, which can be made once. When the one that made it has died as
 * well, the right goes to who follows that one. Answers the files that stand for it, or none when somebody alive has it.
 */
async function takeRight(file: string, draft: string, dead: Holder): Promise<string[]> {
  const right = `${file}.after-${nameOf(dead)}`;
  if (await linked(draft, right)) return [right];
  const follower = await readHolder(right);
  if (!follower || (await isAlive(follower))) return [];
  const inherited = await takeRight(file, draft, follower);
  return inherited.length === 0 ? [] : [right, ...inherited];
}

/** Process numbers come again, but not with the same moment of their start. */
function nameOf(holder: Holder): string {
  return createHash('sha256').update(`${holder.pid} ${holder.start}`).digest('hex').slice(0, 16);
}

function isSame(a: Holder | null, b: Holder | null): boolean {
  return a?.pid === b?.pid && a?.start === b?.start;
}

async function release(file: string, ours: Holder): Promise<void> {
  if (isSame(await readHolder(file), ours)) await rm(file, { force: true });
}

function alreadyRunning(dataDir: string, pid: number): StartupError {
  return new StartupError(
    `NovaBilling already runs on the data folder ${dataDir}: process ${pid}.`,
    `use that one, stop it (kill ${pid}), or choose another folder with NOVA_DATA_DIR and another PORT.`,
  );
}
