import type { TenantDatabase } from '@nova/prisma-central';

import type { Config } from '../../platform/config/config.schema.js';
import { tryWithAdvisoryLock } from '../../platform/postgres/advisory-lock.js';
import { KeyRingError } from '../keys/key-ring-error.js';
import { withCentralClient } from '../prepare-platform.js';
import { type PasswordDeps, type RecordSwitch, switchPassword } from './switch-password.js';

const CONCURRENCY = 4;

/** What became of one database's password. */
export interface PasswordResult {
  readonly databaseId: string;
  readonly tenantId: string;
  readonly mode: string;
  readonly error: string | null;
}

export interface RotatePasswordsOptions {
  /** The tenant whose databases get new passwords; null for all of them. */
  readonly tenantId: string | null;
  readonly record: RecordSwitch;
  /** Called with every database's result as it comes. */
  readonly onResult?: (result: PasswordResult) => void;
}

/**
 * Gives tenant databases new logins with new passwords, several at a time, without a request that fails. One that does
 * not get any keeps what it has, and does not keep the others from theirs.
 * @throws KeyRingError when another run is under way
 */
export async function rotatePasswords(
  deps: PasswordDeps & { readonly config: Config },
  options: RotatePasswordsOptions,
): Promise<PasswordResult[]> {
  return withCentralClient(deps.config, async (lockHolder) => {
    const run = await tryWithAdvisoryLock(lockHolder, 'nova:passwords', () => rotateAll(deps, options));
    if (!run) throw KeyRingError.rotating();
    return run.result;
  });
}

async function rotateAll(
  deps: PasswordDeps,
  { tenantId, record, onResult }: RotatePasswordsOptions,
): Promise<PasswordResult[]> {
  const waiting = await deps.central.db.tenantDatabase.findMany({
    where: { status: 'active', ...(tenantId === null ? {} : { tenantId }) },
    orderBy: { id: 'asc' },
  });
  const results: PasswordResult[] = [];
  const work = async () => {
    for (let row = waiting.shift(); row; row = waiting.shift()) {
      const result = await rotateOne(deps, row, record);
      results.push(result);
      onResult?.(result);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return results;
}

async function rotateOne(
  deps: PasswordDeps,
  { id: databaseId, tenantId, mode }: TenantDatabase,
  record: RecordSwitch,
): Promise<PasswordResult> {
  try {
    await switchPassword(deps, databaseId, record);
    return { databaseId, tenantId, mode, error: null };
  } catch (error) {
    return { databaseId, tenantId, mode, error: error instanceof Error ? error.message : String(error) };
  }
}
