import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';

import { lockFolder } from './folder-lock.js';
import { makePrivateFolder, readJsonIfThere, writePrivateJson } from './private-files.js';
import { loadSecrets, type Secrets } from './secrets.js';

const READY_FILE = 'ready.json';

/** What `ready.json` tells scripts, from the moment when all is up until the platform stops. */
export interface ReadyNote {
  url: string;
  docsUrl: string;
  mailUrl: string | null;
  /** Where mail is caught; null when it goes out by the environment's SMTP_URL. */
  smtpUrl: string | null;
  /** A page of fake payment providers, with `/fakes.json` for programs; null when there are none. */
  fakesUrl: string | null;
  /** The page of a demo invoice that is still to be paid. */
  payUrl: string | null;
  demo: { email: string; password: string; tenantId: string; testKey: string; liveKey: string };
  /** Who sees to the platform's plans; null where it bills nobody. */
  operator: { email: string; password: string } | null;
}

/** The data folder, held by this process: nobody else starts on it. */
export interface DataFolder {
  readonly path: string;
  readonly secrets: Secrets;
  writeReady(note: ReadyNote): Promise<void>;
  /** Takes `ready.json` away and lets go of the folder. */
  release(): Promise<void>;
}

/** The note of the platform that runs on the data folder; null when none is up. */
export async function readReadyNote(dataDir: string): Promise<ReadyNote | null> {
  return (await readJsonIfThere(path.join(dataDir, READY_FILE))) as ReadyNote | null;
}

/** Takes the data folder, making it and its secrets on the first start. */
export async function openDataFolder(folder: string): Promise<DataFolder> {
  const dataDir = path.resolve(folder);
  await makePrivateFolder(dataDir);
  const lock = await lockFolder(dataDir);
  const readyFile = path.join(dataDir, READY_FILE);
  // A crash must not leave the note behind: nothing answers at its address any more.
  const onExit = () => rmSync(readyFile, { force: true });
  process.once('exit', onExit);
  const release = async () => {
    process.off('exit', onExit);
    await rm(readyFile, { force: true });
    await lock.release();
  };
  try {
    // A start that was killed may have left its note behind, which is not true any more.
    await rm(readyFile, { force: true });
    const secrets = await loadSecrets(dataDir);
    return { path: dataDir, secrets, writeReady: (note) => writePrivateJson(readyFile, note), release };
  } catch (error) {
    await release();
    throw error;
  }
}
