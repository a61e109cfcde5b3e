import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chown, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { enter, openLog, removeHalfMade, tailOfLog, type Cluster } from './cluster.js';
import { StartupError } from './startup-error.js';

/** What our programs get as their environment: nothing of ours may change how PostgreSQL behaves. */
export const POSTGRES_ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Initialises the cluster unless it is; then checks that these programs can run it. */
export async function ensureInitialised(cluster: Cluster, password: string): Promise<void> {
  const marker = path.join(cluster.folder, 'initialised');
  if (!existsSync(marker)) {
    await removeHalfMade(cluster);
    await initialise(cluster, password);
    await writeFile(marker, `${cluster.version}\n`, { mode: 0o600 });
    return;
  }
  const major = (await readFile(path.join(cluster.dataFolder, 'PG_VERSION'), 'utf8')).trim();
  if (cluster.version.startsWith(`${major}.`)) return;
  throw new StartupError(
    `The databases in ${cluster.dataFolder} were made by PostgreSQL ${major}; this is ${cluster.version}.`,
    'choose another data folder with NOVA_DATA_DIR, or use the version of NovaBilling that made it.',
  );
}

async function initialise(cluster: Cluster, password: string): Promise<void> {
  const entrance = await enter(cluster);
  const log = await openLog(cluster);
  const passwordFile = path.join(cluster.folder, 'first-password');
  try {
    await rm(passwordFile, { force: true });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
    if (cluster.account) await chown(passwordFile, cluster.account.uid, cluster.account.gid);
    const initdb = spawn(path.join(cluster.binFolder, 'initdb'), initdbArguments(entrance.path), {
      cwd: '/',
      env: POSTGRES_ENVIRONMENT,
      stdio: ['ignore', log.fd, log.fd, entrance.folder?.fd ?? 'ignore'],
      ...(cluster.account ? { uid: cluster.account.uid, gid: cluster.account.gid } : {}),
    });
    const [code] = (await once(initdb, 'exit')) as [number | null];
    if (code !== 0) throw new Error(await tailOfLog(cluster));
  } catch (cause) {
    await removeHalfMade(cluster);
    throw new StartupError(
      `PostgreSQL could not make its data folder ${cluster.dataFolder}:\n${cause instanceof Error ? cause.message : ''}`,
      `look at ${cluster.logFile}, make room or choose another folder with NOVA_DATA_DIR, and start again.`,
      { cause },
    );
  } finally {
    await rm(passwordFile, { force: true });
    await log.close();
    await entrance.folder?.close();
  }
}

/** PostgreSQL's own locale provider: sorting does not depend on what this machine has installed. */
function initdbArguments(folder: string): string[] {
  return [
    `--pgdata=${folder}/data`,
    `--pwfile=${folder}/first-password`,
    '--username=postgres',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ];
}
