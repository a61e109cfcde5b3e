import type { Config } from '@nova/core/platform/config/config.schema.js';

import { hasExternalServers, type Variables } from './variables.js';
import { UndoStack } from './undo-stack.js';

/**
 * Runs a command's work on the platform that the environment names: on servers of its own, on the embedded server that
 * `npm start` keeps running at this moment, or else on the embedded server, started for the time of the work.
 */
export async function withPlatform<T>(env: Variables, work: (config: Config) => Promise<T>): Promise<T> {
  const { loadConfig } = await import('@nova/core/platform/config/load-config.js');
  if (hasExternalServers(env)) return work(loadConfig(env));
  const { environmentOfRunning, openFolder, startServers } = await import('./embedded-environment.js');
  const running = await environmentOfRunning(env);
  if (running) return work(loadConfig(running));

  const note = (line: string) => process.stderr.write(`${line}\n`);
  const undo = new UndoStack(note);
  try {
    const folder = await openFolder(env);
    undo.add('The data folder', () => folder.release());
    const servers = await startServers(env, folder, note);
    undo.add('PostgreSQL', () => servers.postgres.stop());
    return await work(loadConfig(servers.env));
  } finally {
    await undo.run();
  }
}
