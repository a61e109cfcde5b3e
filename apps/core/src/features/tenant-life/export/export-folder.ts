import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

const UNFINISHED = '.unfinished-';

/** A folder that is written under another name, so that whoever sees it by its own sees all of it. */
export interface UnfinishedFolder {
  /** Where to write. */
  readonly path: string;
  /** Gives it its name, once everything in it is on disk. Answers where it is. */
  finish(): Promise<string>;
  discard(): Promise<void>;
}

/**
 * Begins the folder `stem-moment` in `parent`. What earlier attempts of the same stem left unfinished is removed: the
 * caller sees to it that no other is at it.
 */
export async function beginFolder(
  parent: string,
  { stem, moment }: { stem: string; moment: Date },
): Promise<UnfinishedFolder> {
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    if (name.startsWith(`${UNFINISHED}${stem}-`)) await rm(path.join(parent, name), { recursive: true });
  }
  const name = `${stem}-${moment.toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  const unfinished = path.join(parent, `${UNFINISHED}${name}`);
  await mkdir(unfinished, { mode: 0o700 });
  return {
    path: unfinished,
    finish: async () => {
      const finished = await freeName(parent, name);
      await rename(unfinished, finished);
      await syncFolder(parent);
      return finished;
    },
    discard: () => rm(unfinished, { recursive: true, force: true }),
  };
}

/** Two exports within one second have the same moment in their names. */
async function freeName(parent: string, name: string): Promise<string> {
  const taken = new Set(await readdir(parent));
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}-${n}`;
    if (!taken.has(candidate)) return path.join(parent, candidate);
  }
}

/** A name is on disk when its folder is. Not every file system lets a folder be flushed. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch {
    return;
  } finally {
    await handle.close();
  }
}
