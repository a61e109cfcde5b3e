import type { Command } from 'commander';

import { withCentral } from '../../environment/with-central.js';
import { type OutputOptions, printResult, table } from '../../output/print-result.js';
import { poolerOf } from '../../output/print-server.js';

/** `nova servers list`. */
export function register(servers: Command): void {
  servers
    .command('list')
    .description('All database servers; nova health says how they do')
    .option('--json', 'print one JSON document')
    .action((options: OutputOptions) => list(options));
}

async function list(options: OutputOptions): Promise<void> {
  const { listServers } = await import('@nova/core/tenancy/servers/list-servers.js');
  const found = await withCentral(listServers);
  const rows = found.map(({ poolerHost, poolerPort, ...server }) => ({
    ...server,
    pooler: poolerOf({ poolerHost, poolerPort }),
  }));
  printResult(rows, options, (servers) =>
    table(
      ['NAME', 'STATE', 'ADDRESS', 'POOLER', 'REGION', 'WEIGHT', 'DATABASES', 'CAPACITY', 'CONNECTIONS'],
      servers.map((s) => [
        s.name,
        s.state,
        `${s.host}:${s.port}`,
        s.pooler ?? '–',
        s.region,
        String(s.weight),
        String(s.databases),
        s.capacity === null ? '–' : String(s.capacity),
        s.connectionBudget === null ? '–' : String(s.connectionBudget),
      ]),
    ),
  );
}
