import { type DataFolder, openDataFolder, readReadyNote } from '@nova/core/platform/embedded/data-folder.js';
import {
  type EmbeddedPostgres,
  portOfLastStart,
  startEmbeddedPostgres,
} from '@nova/core/platform/embedded/embedded-postgres.js';
import { folderHolder } from '@nova/core/platform/embedded/folder-lock.js';
import { platformUrls, preparePlatformRoles } from '@nova/core/platform/embedded/platform-roles.js';
import { loadSecrets, type Secrets } from '@nova/core/platform/embedded/secrets.js';

import { dataDirOf, type Variables } from './variables.js';

/** Secrets of the data folder where the environment names none. In production they have to be named. */
export function withSecrets(env: Variables, secrets: Secrets): Variables {
  if (env['NODE_ENV'] === 'production') return env;
  return {
    ...env,
    JWT_SECRET: env['JWT_SECRET'] || secrets.jwtSecret,
    ENCRYPTION_KEY: env['ENCRYPTION_KEY'] || secrets.encryptionKey,
    ENCRYPTION_KEYS_PREVIOUS:
      env['ENCRYPTION_KEYS_PREVIOUS'] ||
      (env['ENCRYPTION_KEY'] ? '' : secrets.encryptionKeysPrevious.join(',')),
  };
}

/** The environment of a platform whose servers are up on this data folder, or null when nobody runs there. */
export async function environmentOfRunning(env: Variables): Promise<Variables | null> {
  const dataDir = dataDirOf(env);
  if ((await folderHolder(dataDir)) === null) return null;
  const port = await portOfLastStart(dataDir);
  const secrets = await loadSecrets(dataDir);
  // What a command sends is caught where the platform's own mail is.
  const smtpUrl = env['SMTP_URL'] || (await readReadyNote(dataDir))?.smtpUrl;
  return {
    ...withSecrets(env, secrets),
    ...platformUrls(`postgres://127.0.0.1:${port}`, secrets.postgres),
    ...(smtpUrl ? { SMTP_URL: smtpUrl } : {}),
  };
}

export interface EmbeddedServers {
  folder: DataFolder;
  postgres: EmbeddedPostgres;
  /** The environment with the servers and secrets in it. */
  env: Variables;
}

/** Starts the embedded server on a data folder that this process holds. */
export async function startServers(
  env: Variables,
  folder: DataFolder,
  log: (line: string) => void,
): Promise<EmbeddedServers> {
  const postgres = await startEmbeddedPostgres({ dataDir: folder.path, log });
  try {
    const urls = await preparePlatformRoles(postgres.superuserUrl, folder.secrets.postgres);
    return { folder, postgres, env: { ...withSecrets(env, folder.secrets), ...urls } };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

/** Takes the data folder that the environment names. */
export function openFolder(env: Variables): Promise<DataFolder> {
  return openDataFolder(dataDirOf(env));
}
