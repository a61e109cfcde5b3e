import type { Config } from '@nova/core/platform/config/config.schema.js';
import type { RotationResult } from '@nova/core/tenancy/keys/rotate-keys.js';
import type { Command } from 'commander';

import { forgetMasterKeys, makeMasterKey } from '../../environment/master-key.js';
import { withCore } from '../../environment/with-core.js';
import { EXIT_CODES } from '../../output/exit-codes.js';
import { fields, type OutputOptions, printResult, table } from '../../output/print-result.js';

interface RotateOptions extends OutputOptions {
  newMaster?: boolean;
}

const HELP = `
To change the master key of a platform on servers of your own, set ENCRYPTION_KEY to the new key and
ENCRYPTION_KEYS_PREVIOUS to the old one everywhere, restart the processes one by one, run this command, and drop the
old key from ENCRYPTION_KEYS_PREVIOUS. What npm start runs keeps its master key in the data folder: --new-master.`;

/** `nova keys rotate`. */
export function register(keys: Command): void {
  keys
    .command('rotate')
    .description('Seal all secrets with a new data key, and wrap all data keys with the present master key')
    .option('--new-master', 'make a new master key first, in the data folder of npm start')
    .option('--json', 'print one JSON document')
    .addHelpText('after', HELP)
    .action((options: RotateOptions) => rotate(options));
}

async function rotate(options: RotateOptions): Promise<void> {
  if (options.newMaster && (await makeMasterKey(process.env)) === 'running') {
    printResult(
      { newMaster: 'made', next: 'Stop and start npm start, then run nova keys rotate.' },
      options,
      ({ next }) => `A new master key stands in the data folder, beside the present one. ${next}`,
    );
    return;
  }
  const result = await rotateNow();
  printResult(result, options, describe);
  if (result.unopened.length > 0) process.exitCode = EXIT_CODES.partial;
}

async function rotateNow(): Promise<RotationResult & { removable: readonly string[] }> {
  const { operatorCaller } = await import('@nova/core/features/audit/operator-caller.js');
  const { rotateInstallationKeys } = await import('@nova/core/features/keys/rotate-keys.js');
  const { CONFIG } = await import('@nova/core/platform/config/config.module.js');
  const { CentralDatabase } = await import('@nova/core/tenancy/central/central-database.js');
  const { listKeys } = await import('@nova/core/tenancy/keys/list-keys.js');
  const { MasterKeys } = await import('@nova/core/tenancy/keys/master-keys.js');
  const result = await withCore(process.env, async (app) => {
    const deps = {
      central: app.get(CentralDatabase, { strict: false }),
      config: app.get<Config>(CONFIG, { strict: false }),
    };
    const rotation = await rotateInstallationKeys(deps, operatorCaller(null), {
      onProgress: (texts) => process.stderr.write(`${texts} secrets sealed anew\n`),
    });
    const { removable } = await listKeys(deps.central.pool, new MasterKeys(deps.config));
    return { ...rotation, removable };
  });
  await forgetMasterKeys(process.env, result.removable);
  return result;
}

function describe(result: RotationResult & { removable: readonly string[] }): string {
  return [
    fields({
      'data key': `${result.activeKeyId}${result.resumed ? ' (of a rotation that was interrupted)' : ''}`,
      'master key': result.masterKeyId,
      'secrets sealed anew': String(result.texts),
      'data keys wrapped anew': String(result.rewrapped),
      'master keys not needed any more': result.removable.join(', ') || null,
    }),
    ...(result.unopened.length > 0
      ? [
          table(
            ['NOT OPENED', 'ROW', 'WHY'],
            result.unopened.map(({ table: name, row, reason }) => [name, row, reason]),
          ),
        ]
      : []),
  ].join('\n\n');
}
