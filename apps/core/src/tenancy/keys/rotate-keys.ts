import type pg from 'pg';

import type { Config } from '../../platform/config/config.schema.js';
import { LockTimeout, withAdvisoryLock } from '../../platform/postgres/advisory-lock.js';
import { announceOn } from '../central/changes.js';
import { withCentralClient } from '../prepare-platform.js';
import { type BegunRotation, beginRotation } from './begin-rotation.js';
import { KeyRingError } from './key-ring-error.js';
import { KeyRing } from './key-ring.js';
import { MasterKeys } from './master-keys.js';
import { refuseWhileProcessesLack } from './processes-without-key.js';
import { type Resealed, resealColumns } from './reseal-columns.js';
import { destroyRetiredKeys, retireKeys } from './retire-keys.js';

/** One rotation at a time: whoever comes to it meanwhile gives up soon. */
const OTHER_ROTATION_WAIT_MS = 2_000;

export interface RotateOptions {
  /** Called with the number of texts sealed anew so far. */
  readonly onProgress?: (texts: number) => void;
}

/** What a rotation came to. */
export interface RotationResult extends BegunRotation, Resealed {
  /** The key that seals from now on, and the master key that wraps all of them. */
  readonly activeKeyId: string;
  readonly masterKeyId: string;
  readonly retired: readonly string[];
  readonly destroyed: readonly string[];
}

/**
 * Replaces the data key that seals, wraps all data keys with the present master key, and seals every secret of central
 * anew, while the platform runs. Interrupted at any point, the next call finishes it. The hash key keeps its bytes.
 * @throws KeyRingError when keys cannot be opened, a process would be locked out, or another rotation is under way
 */
export async function rotateKeys(config: Config, options: RotateOptions = {}): Promise<RotationResult> {
  const masters = new MasterKeys(config);
  return exclusively(config, async (central) => {
    await refuseWhileProcessesLack(central, masters);
    const begun = await beginRotation(central, masters);
    const ring = await KeyRing.open(central, masters);
    const finished = await finishRotation(central, ring, options);
    return { ...begun, ...finished, activeKeyId: ring.activeKeyId, masterKeyId: masters.present.id };
  });
}

/** Finishes a rotation that was interrupted, and destroys keys that were retired long enough ago. Called by the workers. */
export async function tidyKeys(config: Config): Promise<void> {
  const masters = new MasterKeys(config);
  await exclusively(config, async (central) => {
    await finishRotation(central, await KeyRing.open(central, masters), {});
  });
}

async function finishRotation(
  central: pg.Client,
  ring: KeyRing,
  options: RotateOptions,
): Promise<Resealed & Pick<RotationResult, 'retired' | 'destroyed'>> {
  const resealed = await resealColumns(central, ring, options.onProgress);
  const retired = await retireKeys(central);
  const destroyed = await destroyRetiredKeys(central);
  if (retired.length > 0 || destroyed.length > 0) await announceOn(central, { kind: 'keys' });
  return { ...resealed, retired, destroyed };
}

async function exclusively<T>(config: Config, work: (central: pg.Client) => Promise<T>): Promise<T> {
  return withCentralClient(config, async (central) => {
    try {
      return await withAdvisoryLock(central, { name: 'nova:keys', waitMs: OTHER_ROTATION_WAIT_MS }, () =>
        work(central),
      );
    } catch (error) {
      if (error instanceof LockTimeout) throw KeyRingError.rotating();
      throw error;
    }
  });
}
