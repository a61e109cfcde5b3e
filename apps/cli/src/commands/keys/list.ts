import type { ListedKeys } from '@nova/core/tenancy/keys/list-keys.js';
import type { Command } from 'commander';

import { withPlatform } from '../../environment/with-platform.js';
import { type OutputOptions, printResult, table } from '../../output/print-result.js';

/** `nova keys list`. It works without the right master key too, to tell which one is missing. */
export function register(keys: Command): void {
  keys
    .command('list')
    .description('Which keys there are, how many secrets each has sealed, and which master keys can go')
    .option('--json', 'print one JSON document')
    .action(async (options: OutputOptions) => {
      const { listKeys } = await import('@nova/core/tenancy/keys/list-keys.js');
      const { MasterKeys } = await import('@nova/core/tenancy/keys/master-keys.js');
      const { withCentralClient } = await import('@nova/core/tenancy/prepare-platform.js');
      const listed = await withPlatform(process.env, (config) =>
        withCentralClient(config, (central) => listKeys(central, new MasterKeys(config))),
      );
      printResult(listed, options, describe);
    });
}

function describe({ masterKeys, dataKeys, removable, unenveloped }: ListedKeys): string {
  const rows = dataKeys.map((key) => [
    key.id,
    key.purpose,
    key.state,
    key.state === 'destroyed' ? '–' : key.opens ? key.masterKeyId : `${key.masterKeyId} (missing)`,
    String(key.texts),
    key.createdAt.slice(0, 10),
  ]);
  const remarks = [
    ...(removable.length > 0
      ? [`Nothing needs ${removable.join(', ')} any more: take it out of ENCRYPTION_KEYS_PREVIOUS.`]
      : []),
    ...(unenveloped > 0
      ? [`${unenveloped} secrets are sealed with a master key itself: run nova keys rotate.`]
      : []),
  ];
  return [
    table(
      ['MASTER KEY', 'STATE'],
      masterKeys.map(({ id, state }) => [id, state]),
    ),
    table(['DATA KEY', 'PURPOSE', 'STATE', 'WRAPPED WITH', 'SECRETS', 'MADE'], rows),
    ...remarks,
  ].join('\n\n');
}
