import type { Command } from 'commander';

import { withServers } from '../../environment/with-servers.js';
import type { OutputOptions } from '../../output/print-result.js';
import { printServer } from '../../output/print-server.js';

/** `nova servers drain`, `open` and `close`. */
export function register(servers: Command): void {
  servers
    .command('drain <name>')
    .description('Make no new databases on a server; those that are there are served until they are moved')
    .option('--json', 'print one JSON document')
    .action(async (name: string, options: OutputOptions) => {
      const { drainServer } = await import('@nova/core/tenancy/servers/drain-server.js');
      printServer(await withServers((deps, record) => drainServer(deps, name, record)), options);
    });
  servers
    .command('open <name>')
    .description('Make a server ready, and new databases on it again')
    .option('--json', 'print one JSON document')
    .action(async (name: string, options: OutputOptions) => {
      const { openServer } = await import('@nova/core/tenancy/servers/open-server.js');
      printServer(await withServers((deps, record) => openServer(deps, name, record)), options);
    });
  servers
    .command('close <name>')
    .description('Take a server out of use that nothing is on any more')
    .option('--json', 'print one JSON document')
    .action(async (name: string, options: OutputOptions) => {
      const { closeServer } = await import('@nova/core/tenancy/servers/drain-server.js');
      printServer(await withServers((deps, record) => closeServer(deps, name, record)), options);
    });
}
