import type { Command } from 'commander';

import type { FleetHealth } from '../health/fleet-health.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { fields, type OutputOptions, printResult, table } from '../output/print-result.js';

/** `nova health`: every database, asked one by one. */
export function register(program: Command): void {
  program
    .command('health')
    .description('Ask every database whether it answers and is up to date; exit with 4 when some are not')
    .option('--json', 'print one JSON document')
    .action(async (options: OutputOptions) => {
      const { withCore } = await import('../environment/with-core.js');
      const { fleetHealth } = await import('../health/fleet-health.js');
      const health = await withCore(process.env, fleetHealth);
      printResult(health, options, describe);
      process.exitCode = exitCodeOf(health);
    });
}

function exitCodeOf(health: FleetHealth): number {
  if (health.components.some(({ status }) => status === 'down')) return EXIT_CODES.failed;
  return health.databases.every(({ status }) => status === 'ok') ? EXIT_CODES.ok : EXIT_CODES.partial;
}

function describe({ components, databases }: FleetHealth): string {
  const ailing = databases.filter(({ status }) => status !== 'ok');
  return [
    fields({
      ...Object.fromEntries(components.map(({ name, status }) => [name, status])),
      'tenant databases': `${databases.length - ailing.length} of ${databases.length} are well`,
    }),
    ...(ailing.length > 0
      ? [
          table(
            ['TENANT', 'MODE', 'STATUS', 'WHY'],
            ailing.map((d) => [d.tenant, d.mode, d.status, d.detail ?? '']),
          ),
        ]
      : []),
  ].join('\n\n');
}
