import type { Tenant } from '@nova/prisma-central';

import { type BeforeCommit, nothingMore } from '../../tenancy/central/before-commit.js';
import type { CentralTransaction } from '../../tenancy/central/central-database.js';
import { announce } from '../../tenancy/central/changes.js';
import { insertApiKey, type NewApiKey } from '../api-keys/insert-api-key.js';
import { recordAudit } from '../audit/record-audit.js';
import type { RequestOrigin } from '../audit/request-origin.js';
import { claimRegistration, type ClaimedRegistration, type RegisterInput } from './claim-registration.js';
import type { IdentityDeps } from './identity-deps.js';
import type { Login } from './login.js';
import { openSession } from './open-session.js';
import { provisionDatabase } from './provision-database.js';
import { releaseRegistration } from './release-registration.js';

export interface Registration extends Login {
  apiKey: NewApiKey;
}

/**
 * Registers a tenant with its owner, its test database and its first test key: all of it or nothing. First the rows
 * claim e-mail address and slug, then the database is made, then one transaction makes the tenant active. When a step
 * fails the claim is released; when the process dies in the middle, the next registration with the same address
 * releases it.
 * @throws email_taken, slug_taken, registration_in_progress, provisioning_failed, no_database_server
 */
export async function registerTenant(
  deps: IdentityDeps,
  origin: RequestOrigin,
  input: RegisterInput,
  beforeCommit: BeforeCommit<Registration> = nothingMore,
): Promise<Registration> {
  const claimed = await claimRegistration(deps, input);
  try {
    await provisionDatabase(deps, claimed.tenant.id, 'test');
    const registration = await activate(deps, origin, { claimed, beforeCommit });
    deps.enrolments.soon(registration.tenant.id);
    return registration;
  } catch (error) {
    deps.log.warn({ tenantId: claimed.tenant.id }, 'A registration failed and is undone.');
    await releaseRegistration(deps, claimed.tenant.id).catch((failure: unknown) => {
      // The claim is then released by the next registration with the same address.
      deps.log.error(
        { err: failure, tenantId: claimed.tenant.id },
        'A failed registration could not be undone.',
      );
    });
    throw error;
  }
}

async function activate(
  deps: IdentityDeps,
  origin: RequestOrigin,
  { claimed, beforeCommit }: { claimed: ClaimedRegistration; beforeCommit: BeforeCommit<Registration> },
): Promise<Registration> {
  const { user } = claimed;
  return deps.central.$transaction(async (tx) => {
    const tenant = await becomeActive(tx, claimed.tenant.id);
    const caller = { ...origin, tenantId: tenant.id, actor: { type: 'user', id: user.id } } as const;
    const apiKey = await insertApiKey(tx, deps, caller, {
      name: 'First test key',
      mode: 'test',
      kind: 'secret',
      scopes: [],
      expiresAt: null,
    });
    const tokens = await openSession(tx, deps, origin, { userId: user.id, tenantId: tenant.id });
    await recordAudit(tx, caller, {
      action: 'tenant.registered',
      target: { type: 'tenant', id: tenant.id },
      after: { name: tenant.name, slug: tenant.slug, owner: user.email },
    });
    await announce(tx, { kind: 'tenant', tenantId: tenant.id });
    const registration: Registration = { user, tenant, role: 'owner', tokens, apiKey };
    await beforeCommit(tx, registration);
    return registration;
  });
}

async function becomeActive(tx: CentralTransaction, tenantId: string): Promise<Tenant> {
  const [tenant] = await tx.tenant.updateManyAndReturn({
    where: { id: tenantId, status: 'provisioning' },
    data: { status: 'active' },
  });
  // It took so long that another registration with the same address took this one for abandoned.
  if (!tenant) throw new Error(`The registration of ${tenantId} was released while it was under way.`);
  return tenant;
}
