import { randomUUID } from 'node:crypto';
import { link, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { z } from 'zod';

import { errorCode, readJsonIfThere } from './private-files.js';
import { processStart } from './process-identity.js';
import { StartupError } from './startup-error.js';

const HolderSchema = z.object({ pid: z.int().positive(), start: z.string() });
type Holder = z.infer<typeof HolderSchema>;

export interface FolderLock {
  release(): Promise<void>;
}

const ATTEMPTS = 10;

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
      if (holder && (await isAlive(holder))) throw alreadyRunning(dataDir, holder.pid);
      await putAside(file, holder);
    }
    throw new StartupError(`The lock ${file} cannot be taken.`, 'remove that file and start again.');
  } finally {
    await rm(draft, { force: true });
  }
}

const lockFile = (dataDir: string) => path.join(dataDir, 'lock.json');

async function readHolder(file: string): Promise<Holder | null> {
  return HolderSchema.safeParse(await readJsonIfThere(file)).data ?? null;
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

/** Takes a dead holder's lock away; if another start has replaced it meanwhile, that one is put back. */
async function putAside(file: string, dead: Holder | null): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await readHolder(aside);
  if (moved && (moved.pid !== dead?.pid || moved.start !== dead.start)) await linked(aside, file);
  await rm(aside, { force: true });
}

async function release(file: string, ours: Holder): Promise<void> {
  const holder = await readHolder(file);
  if (holder?.pid === ours.pid && holder.start === ours.start) await rm(file, { force: true });
}

function alreadyRunning(dataDir: string, pid: number): StartupError {
  return new StartupError(
    `NovaBilling already runs on the data folder ${dataDir}: process ${pid}.`,
    `use that one, stop it (kill ${pid}), or choose another folder with NOVA_DATA_DIR and another PORT.`,
  );
}
