import type { Prisma, Tenant } from '@nova/prisma-central';

import { notFound } from '../../platform/errors/common-errors.js';
import { violatedUniqueIndex } from '../../platform/errors/unique-violation.js';
import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import type { CentralTransaction } from '../../tenancy/central/central-database.js';
import { announce } from '../../tenancy/central/changes.js';
import type { Caller } from '../audit/caller.js';
import { recordAudit } from '../audit/record-audit.js';
import { atPointer, slugTaken } from '../auth/auth.errors.js';
import type { IdentityDeps } from '../auth/identity-deps.js';
import { readSettings, type TenantSettingsPatch, type UpdateTenant } from './tenants.schemas.js';

/**
 * Changes a tenant's profile. Documents made from now on print the new one; those that exist keep what they printed.
 * @throws not_found, slug_taken, precondition_failed
 */
export async function updateTenant(
  deps: IdentityDeps,
  caller: Caller,
  { input, expected }: { input: UpdateTenant; expected: ExpectedVersions },
): Promise<Tenant> {
  const { tenantId } = caller;
  try {
    return await deps.central.$transaction(async (tx) => {
      const before = await lockTenant(tx, tenantId);
      checkVersion(expected, before.configVersion);
      const change = changeOf(before, input);
      if (Object.keys(change).length === 0) return before;
      const after = await tx.tenant.update({
        where: { id: tenantId },
        data: { ...change, configVersion: { increment: 1 }, updatedAt: deps.clock.now() },
      });
      await announce(tx, { kind: 'tenant', tenantId });
      const [changedBefore, changedAfter] = [before, after].map((tenant) =>
        pick(tenant, Object.keys(change)),
      );
      await recordAudit(tx, caller, {
        action: 'tenant.updated',
        target: { type: 'tenant', id: tenantId },
        ...(changedBefore ? { before: changedBefore } : {}),
        ...(changedAfter ? { after: changedAfter } : {}),
      });
      return after;
    });
  } catch (error) {
    if (violatedUniqueIndex(error) === null) throw error;
    throw slugTaken('Another tenant has this slug.', atPointer('/slug', 'slug_taken', 'is taken'));
  }
}

/** Reads the tenant under its row's lock: two changes at once both count, or one fails its precondition. */
export async function lockTenant(tx: CentralTransaction, tenantId: string): Promise<Tenant> {
  await tx.$queryRaw`SELECT id FROM tenants WHERE id = ${tenantId} FOR NO KEY UPDATE`;
  const tenant = await tx.tenant.findUnique({ where: { id: tenantId } });
  if (!tenant) throw notFound('There is no such tenant.');
  return tenant;
}

function changeOf(before: Tenant, { settings, ...fields }: UpdateTenant): Prisma.TenantUpdateInput {
  const isGiven = ([name, value]: [string, unknown]) =>
    value !== undefined && before[name as keyof typeof fields] !== value;
  return {
    ...(Object.fromEntries(Object.entries(fields).filter(isGiven)) as Prisma.TenantUpdateInput),
    ...(settings === undefined ? {} : { settings: mergeSettings(readSettings(before.settings), settings) }),
  };
}

function mergeSettings(current: object, patch: TenantSettingsPatch): Prisma.InputJsonObject {
  const merged: Record<string, unknown> = { ...current, ...patch };
  return Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== null && value !== undefined),
  ) as Prisma.InputJsonObject;
}

function pick(tenant: Tenant, names: readonly string[]): Prisma.InputJsonObject {
  return Object.fromEntries(
    Object.entries(tenant).filter(([name]) => names.includes(name)),
  ) as Prisma.InputJsonObject;
}
