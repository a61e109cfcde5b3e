import { rm } from 'node:fs/promises';

import { startEmbeddedPostgres } from '@nova/core/platform/embedded/embedded-postgres.js';

import { createPlatformDatabases } from './central-database.js';
import { makePassingFolder } from './passing-folder.js';

/** A PostgreSQL server beside the one of all tests, with an administrator who is no superuser. */
export interface SecondServer {
  readonly superuserUrl: string;
  readonly adminUrl: string;
  stop(): Promise<void>;
}

export async function startSecondServer(): Promise<SecondServer> {
  const dataDir = await makePassingFolder('nova-second-');
  const server = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } });
  const { adminUrl } = await createPlatformDatabases(server.superuserUrl);
  return {
    superuserUrl: server.superuserUrl,
    adminUrl,
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
