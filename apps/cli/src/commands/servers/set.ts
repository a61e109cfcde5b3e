import type { Command } from 'commander';

import { withServers } from '../../environment/with-servers.js';
import { CommandError } from '../../output/command-error.js';
import { EXIT_CODES } from '../../output/exit-codes.js';
import { printServer } from '../../output/print-server.js';
import { addServerOptions, readAdminUrl, type ServerOptions, settingsFrom } from './server-options.js';

/** `nova servers set`. */
export function register(servers: Command): void {
  const set = servers
    .command('set <name>')
    .description('Change a database server; what is not named stays, and databases stay where they are')
    .option('--admin-url <url>', 'its administrator’s new URL; - reads it from standard input');
  addServerOptions(set).action(async (name: string, { json, ...options }: ServerOptions) => {
    if (Object.keys(options).length === 0) {
      throw new CommandError('Say what is to be changed; --help lists it.', EXIT_CODES.usage);
    }
    const { changeServer } = await import('@nova/core/tenancy/servers/change-server.js');
    const plain = settingsFrom(options);
    const { adminUrl } = options;
    const update = adminUrl === undefined ? plain : { ...plain, adminUrl: await readAdminUrl(adminUrl) };
    printServer(await withServers((deps, record) => changeServer(deps, name, update, record)), { json });
  });
}
