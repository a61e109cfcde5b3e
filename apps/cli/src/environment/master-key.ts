import { CommandError } from '../output/command-error.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { dataDirOf, hasExternalServers, type Variables } from './variables.js';

const THREE_STEPS = `The master key of this platform comes from the environment, where only you can change it:
  1. Set ENCRYPTION_KEY to a new key (openssl rand -hex 32) and ENCRYPTION_KEYS_PREVIOUS to the present one, for every
     API, worker and command, and restart the processes one by one.
  2. Run nova keys rotate.
  3. Take the old key out of ENCRYPTION_KEYS_PREVIOUS, and restart the processes one by one.`;

/** Whether the platform's master key stands in its data folder, rather than in the environment. */
export function keepsItsMasterKey(env: Variables): boolean {
  return !hasExternalServers(env) && !env['ENCRYPTION_KEY'] && env['NODE_ENV'] !== 'production';
}

/**
 * Puts a new master key into the data folder, with the present one as a previous one. Answers whether the platform runs
 * at this moment: it has to be restarted then, before its data keys can be wrapped with the new key.
 * @throws CommandError when the master key comes from the environment
 */
export async function makeMasterKey(env: Variables): Promise<'running' | 'stopped'> {
  if (!keepsItsMasterKey(env)) throw new CommandError(THREE_STEPS, EXIT_CODES.precondition);
  const { folderHolder } = await import('@nova/core/platform/embedded/folder-lock.js');
  const { addMasterKey } = await import('@nova/core/platform/embedded/secrets.js');
  const { openFolder } = await import('./embedded-environment.js');
  if ((await folderHolder(dataDirOf(env))) !== null) {
    await addMasterKey(dataDirOf(env));
    return 'running';
  }
  const folder = await openFolder(env);
  try {
    await addMasterKey(folder.path);
  } finally {
    await folder.release();
  }
  return 'stopped';
}

/** Takes previous master keys out of the data folder of which `removable` says that nothing needs them any more. */
export async function forgetMasterKeys(env: Variables, removable: readonly string[]): Promise<void> {
  if (!keepsItsMasterKey(env) || removable.length === 0) return;
  const { masterKeyId } = await import('@nova/core/platform/crypto/sealed-text.js');
  const { dropMasterKeys } = await import('@nova/core/platform/embedded/secrets.js');
  await dropMasterKeys(dataDirOf(env), (key) => !removable.includes(masterKeyId(key)));
}
