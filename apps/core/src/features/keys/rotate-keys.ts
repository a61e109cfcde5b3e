import type { Config } from '../../platform/config/config.schema.js';
import type { CentralDatabase } from '../../tenancy/central/central-database.js';
import { rotateKeys, type RotateOptions, type RotationResult } from '../../tenancy/keys/rotate-keys.js';
import type { AuditCaller } from '../audit/caller.js';
import { recordAudit } from '../audit/record-audit.js';

/** Rotates the installation's keys, and has it on record who did. @throws KeyRingError */
export async function rotateInstallationKeys(
  { central, config }: { central: Pick<CentralDatabase, 'db'>; config: Config },
  caller: AuditCaller,
  options: RotateOptions = {},
): Promise<RotationResult> {
  const result = await rotateKeys(config, options);
  const { activeKeyId, masterKeyId, texts, rewrapped, retired, destroyed, resumed } = result;
  await central.db.$transaction((tx) =>
    recordAudit(tx, caller, {
      action: 'keys.rotated',
      target: { type: 'data_key', id: activeKeyId },
      after: {
        masterKeyId,
        texts,
        rewrapped,
        resumed,
        retired: [...retired],
        destroyed: [...destroyed],
        unopened: result.unopened.length,
      },
    }),
  );
  return result;
}
