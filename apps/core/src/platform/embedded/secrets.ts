import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';

import { z } from 'zod';

import { readJsonIfThere, writePrivateJson } from './private-files.js';
import { StartupError } from './startup-error.js';

const hex = z.string().regex(/^[0-9a-f]{32,}$/);

const SecretsSchema = z.object({
  jwtSecret: hex,
  encryptionKey: hex.length(64),
  /** Master keys of before, until nothing needs them any more. */
  encryptionKeysPrevious: z.array(hex.length(64)).default([]),
  /** Passwords of the roles in the embedded PostgreSQL. */
  postgres: z.object({ superuser: hex, admin: hex, central: hex }),
});

/** What the embedded platform needs to keep to itself, made on the first start of a data folder. */
export type Secrets = z.infer<typeof SecretsSchema>;

/** Reads the secrets of the data folder; the first time it makes them. */
export async function loadSecrets(dataDir: string): Promise<Secrets> {
  const file = path.join(dataDir, 'secrets.json');
  const found = await readJsonIfThere(file);
  if (found === null) return createSecrets(dataDir, file);
  const parsed = SecretsSchema.safeParse(found);
  if (parsed.success) return parsed.data;
  throw new StartupError(
    `${file} is damaged: ${z.prettifyError(parsed.error)}`,
    'restore it from a backup, or remove the data folder to start anew.',
  );
}

/** Makes a new master key and keeps the one of before as a previous one. The whole of it is there after a crash, or nothing. */
export async function addMasterKey(dataDir: string): Promise<Secrets> {
  const secrets = await loadSecrets(dataDir);
  const changed = {
    ...secrets,
    encryptionKey: newSecret(),
    encryptionKeysPrevious: [secrets.encryptionKey, ...secrets.encryptionKeysPrevious],
  };
  await writePrivateJson(path.join(dataDir, 'secrets.json'), changed);
  return changed;
}

/** Forgets the previous master keys that `isNeeded` does not hold on to. */
export async function dropMasterKeys(dataDir: string, isNeeded: (key: Buffer) => boolean): Promise<Secrets> {
  const secrets = await loadSecrets(dataDir);
  const kept = secrets.encryptionKeysPrevious.filter((key) => isNeeded(Buffer.from(key, 'hex')));
  if (kept.length === secrets.encryptionKeysPrevious.length) return secrets;
  const changed = { ...secrets, encryptionKeysPrevious: kept };
  await writePrivateJson(path.join(dataDir, 'secrets.json'), changed);
  return changed;
}

function newSecret(): string {
  return randomBytes(32).toString('hex');
}

async function createSecrets(dataDir: string, file: string): Promise<Secrets> {
  // New secrets open neither the old cluster nor what is encrypted in it: better to say so than to fail further on.
  if (existsSync(path.join(dataDir, 'postgres/initialised'))) {
    throw new StartupError(
      `The data folder ${dataDir} has databases but no secrets.json, which holds their passwords.`,
      'restore secrets.json from a backup, or remove the data folder to start anew.',
    );
  }
  const secrets: Secrets = {
    jwtSecret: newSecret(),
    encryptionKey: newSecret(),
    encryptionKeysPrevious: [],
    postgres: { superuser: newSecret(), admin: newSecret(), central: newSecret() },
  };
  await writePrivateJson(file, secrets);
  return secrets;
}
