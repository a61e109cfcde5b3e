import type { Caller } from '../audit/caller.js';
import { changeStatus, type StatusOutcome } from './change-status.js';
import type { LifeDeps } from './life-deps.js';

type StatusDeps = Pick<LifeDeps, 'central' | 'clock'>;

/**
 * Stops a tenant: its API refuses with 403 and its jobs wait, in every process within two seconds. Its people may still
 * log in and look at the account.
 * @throws not_found, tenant_status_conflict
 */
export function suspendTenant(
  deps: StatusDeps,
  caller: Caller,
  { reason }: { reason: string },
): Promise<StatusOutcome> {
  return changeStatus(deps, caller, { verb: 'suspend', reason });
}

/**
 * Lets a suspended tenant go on. What came due meanwhile, and the jobs that were put off, are done at once.
 * @throws not_found, tenant_status_conflict
 */
export function resumeTenant(deps: StatusDeps, caller: Caller): Promise<StatusOutcome> {
  return changeStatus(deps, caller, { verb: 'resume', reason: null });
}
