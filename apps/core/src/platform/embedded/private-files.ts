import { chown, mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import path from 'node:path';

import { StartupError } from './startup-error.js';

/** Makes the folder, for its owner's eyes only, unless it exists. */
export async function makePrivateFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new StartupError(
      `The folder ${folder} cannot be made (${errorCode(cause)}).`,
      'choose a folder that you may write to with NOVA_DATA_DIR.',
      { cause },
    );
  }
}

/**
 * Writes the whole file or nothing of it, readable by its owner only: by the owner of its folder, also when root has
 * started the platform for once. It is on the disk when this returns: a loss of power must not take the secrets along.
 */
export async function writePrivateJson(file: string, content: unknown): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(content, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (process.getuid?.() === 0) {
    const { uid, gid } = await stat(path.dirname(file));
    await chown(draft, uid, gid);
  }
  await rename(draft, file);
}

/** The parsed file, or null when there is none. */
export async function readJsonIfThere(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return null;
    throw new StartupError(
      `${file} cannot be read (${errorCode(cause)}).`,
      'start NovaBilling as the user that the data folder belongs to, or choose another one with NOVA_DATA_DIR.',
      { cause },
    );
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StartupError(
      `${file} is damaged: it is not JSON.`,
      'restore it from a backup, or remove the data folder to start anew.',
      {
        cause,
      },
    );
  }
}

/** The code of a system error, such as ENOENT. */
export function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
