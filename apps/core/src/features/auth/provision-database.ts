import { ProblemError } from '../../platform/errors/define-error.js';
import { provisioningFailed } from '../../tenancy/provisioning/provisioning.errors.js';
import type { Mode } from '../../tenancy/tenant-context.js';
import type { IdentityDeps } from './identity-deps.js';

/**
 * Makes the tenant's database of a mode when there is none. Whatever goes wrong is for the caller the same: it is not
 * there, nothing is left of it, and asking again is all he can do.
 * @throws provisioning_failed, no_database_server
 */
export async function provisionDatabase(deps: IdentityDeps, tenantId: string, mode: Mode): Promise<void> {
  try {
    await deps.provisioner.provision(tenantId, mode);
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw provisioningFailed(`The ${mode} database could not be made; try again.`, { cause: error });
  }
}
