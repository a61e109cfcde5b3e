import { type Nova, startNova } from './nova.js';

/** Another API on the databases of one that runs, as a second process has it: caches and pools of its own. */
export function startSecondApi(nova: Nova): Promise<Nova> {
  return startNova({
    databases: nova.databases,
    processors: 'none',
    env: {
      JWT_SECRET: nova.config.jwtSecret,
      ENCRYPTION_KEY: nova.config.encryptionKey.toString('hex'),
    },
  });
}
