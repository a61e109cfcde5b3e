import type { CentralClient } from '@nova/core/tenancy/central/central-database.js';

import { withPlatform } from './with-platform.js';

/** Runs a command's work that reads the central database and needs nothing else of the platform. */
export async function withCentral<T>(read: (central: CentralClient) => Promise<T>): Promise<T> {
  const { readCentral } = await import('@nova/core/tenancy/central/read-central.js');
  return withPlatform(process.env, (config) => readCentral(config, read));
}
