import type { Command } from 'commander';

import { withServers } from '../../environment/with-servers.js';
import { confirm } from '../../output/confirm.js';
import { fields, type OutputOptions, printResult } from '../../output/print-result.js';

/** `nova servers remove`. */
export function register(servers: Command): void {
  servers
    .command('remove <name>')
    .description('Forget a server that no database was ever on; nothing is changed on it')
    .option('--yes', 'do not ask')
    .option('--json', 'print one JSON document')
    .action(async (name: string, options: OutputOptions & { yes?: boolean }) => {
      await confirm(`The database server ${name} will be forgotten.`, options);
      const { removeServer } = await import('@nova/core/tenancy/servers/remove-server.js');
      await withServers((deps, record) => removeServer(deps, name, record));
      printResult({ removed: name }, options, fields);
    });
}
