import type { Command } from 'commander';

import { withServers } from '../../environment/with-servers.js';
import { printServer } from '../../output/print-server.js';
import {
  addServerOptions,
  parseName,
  readAdminUrl,
  type ServerOptions,
  settingsFrom,
} from './server-options.js';

const DEFAULTS = {
  region: 'default',
  weight: 100,
  capacity: null,
  connectionBudget: null,
  pooler: null,
} as const;

/** `nova servers add`. */
export function register(servers: Command): void {
  const add = servers
    .command('add')
    .argument('<name>', 'what it is called in other commands and in metrics', parseName)
    .description('Register a PostgreSQL server (15 or newer), make it ready, and make new databases on it')
    .requiredOption(
      '--admin-url <url>',
      'an administrator with CREATEDB and CREATEROLE, no superuser; - reads the URL from standard input',
    );
  addServerOptions(add)
    .addHelpText('after', '\nA call that was cut off is finished by the same call again.')
    .action(async (name: string, options: ServerOptions & { adminUrl: string }) => {
      const { addServer } = await import('@nova/core/tenancy/servers/add-server.js');
      const adminUrl = await readAdminUrl(options.adminUrl);
      const input = { ...DEFAULTS, ...settingsFrom(options), name, adminUrl };
      printServer(await withServers((deps, record) => addServer(deps, input, record)), options);
    });
}
