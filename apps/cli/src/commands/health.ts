import type { Command } from 'commander';

import type { FleetHealth } from '../health/fleet-health.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { wholeNumber } from '../output/parse-number.js';
import { fields, type OutputOptions, printResult, table } from '../output/print-result.js';

/** Asked one by one without being told to: with more of them a look takes too long. */
const ASKED_BY_DEFAULT = 200;
const SAMPLE_MAX = 1_000_000;

interface HealthOptions extends OutputOptions {
  all?: boolean;
  sample: number;
}

/** `nova health`: the components, the servers, the fleet, and databases asked one by one. */
export function register(program: Command): void {
  program
    .command('health')
    .description(
      'Ask the servers and tenant databases whether they answer and are up to date; exit with 4 when some are not',
    )
    .option(
      '--sample <n>',
      'ask this many tenant databases, chosen by chance',
      wholeNumber(0, SAMPLE_MAX),
      ASKED_BY_DEFAULT,
    )
    .option('--all', 'ask every tenant database')
    .option('--json', 'print one JSON document')
    .action(async (options: HealthOptions) => {
      const { withCore } = await import('../environment/with-core.js');
      const { fleetHealth } = await import('../health/fleet-health.js');
      const sample = options.all ? Infinity : options.sample;
      const health = await withCore(process.env, (app) => fleetHealth(app, { sample }));
      printResult(health, options, describe);
      process.exitCode = exitCodeOf(health);
    });
}

function exitCodeOf({ components, fleet, databases }: FleetHealth): number {
  if (fleet === null || components.some(({ status }) => status === 'down')) return EXIT_CODES.failed;
  const isWell = fleet.status === 'up' && databases.every(({ status }) => status === 'ok');
  return isWell ? EXIT_CODES.ok : EXIT_CODES.partial;
}

function describe(health: FleetHealth): string {
  const { components, fleet, databases, databasesInUse } = health;
  const ailing = databases.filter(({ status }) => status !== 'ok');
  const asked = databases.length === databasesInUse ? '' : ` asked, of ${databasesInUse}`;
  return [
    fields({
      ...Object.fromEntries(components.map(({ name, status }) => [name, status])),
      'tenant databases': `${databases.length - ailing.length} of ${databases.length}${asked} are well`,
      ...(fleet ? lateWork(fleet) : {}),
    }),
    ...(fleet ? [servers(fleet)] : []),
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

function lateWork({ dueWork, outbox, samples }: NonNullable<FleetHealth['fleet']>): Record<string, string> {
  return {
    'oldest due work': dueWork.oldestSeconds > 0 ? `${Math.round(dueWork.oldestSeconds)} s` : 'none is due',
    'oldest outbox row': outbox.rows > 0 ? `${Math.round(outbox.oldestSeconds)} s when last seen` : 'none',
    'not reached lately': `${samples.unreachable} of ${samples.databases} looked at`,
  };
}

function servers(fleet: NonNullable<FleetHealth['fleet']>): string {
  return table(
    ['SERVER', 'REGION', 'STATE', 'ANSWERS', 'DATABASES', 'CONNECTIONS'],
    fleet.servers.map((s) => [
      s.name,
      s.region,
      s.state,
      s.reachable ? 'yes' : 'no',
      String(s.databases),
      s.connections === null ? '–' : `${s.connections} of ${s.connectionsMax}`,
    ]),
  );
}
