import type { DunningPolicy, Prisma } from '@nova/prisma-tenant';

import { invalidRequest, notFound } from '../../platform/errors/common-errors.js';
import type { Cursors } from '../../platform/http/cursors.js';
import { paginate, type Page } from '../../platform/http/pagination.js';
import { readReference } from '../../platform/wire/external-id.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { type DunningPolicyWire, toDunningPolicyWire } from './dunning-policy-wire.js';
import type { ListDunningPoliciesQuery } from './dunning-policies.schemas.js';

/**
 * The policy of an id, archived or not. Policies have no id of the caller's.
 * @throws notFound
 */
export async function requireDunningPolicy(db: TenantReader, id: string): Promise<DunningPolicy> {
  const reference = readReference('dun', id);
  const policy =
    reference && 'id' in reference ? await db.dunningPolicy.findUnique({ where: reference }) : null;
  if (!policy) throw notFound('There is no such dunning policy.');
  return policy;
}

/**
 * The policy's row, taken until the transaction ends and read as it then is.
 * @throws notFound
 */
export async function lockDunningPolicy(db: Prisma.TransactionClient, id: string): Promise<DunningPolicy> {
  await requireDunningPolicy(db, id);
  await db.$queryRaw`SELECT id FROM dunning_policies WHERE id = ${id} FOR UPDATE`;
  return requireDunningPolicy(db, id);
}

/**
 * Refuses a policy that a customer or a plan is to have when there is none of that id that is in use.
 * @throws invalidRequest
 */
export async function refuseUnlessOffered(
  db: TenantReader,
  policyId: string | null | undefined,
  pointer = '/dunningPolicyId',
): Promise<void> {
  if (policyId === null || policyId === undefined) return;
  const policy = await db.dunningPolicy.findUnique({ where: { id: policyId, archivedAt: null } });
  if (policy) return;
  const message = 'is no dunning policy that is in use';
  throw invalidRequest('There is no such dunning policy.', {
    errors: [{ pointer, code: 'not_found', message }],
  });
}

/** A page of policies, newest first unless asked otherwise. */
export function listDunningPolicies(
  ctx: TenantContext,
  cursors: Cursors,
  query: ListDunningPoliciesQuery,
): Promise<Page<DunningPolicyWire>> {
  const archivedAt = query.archived === 'true' ? { not: null } : null;
  return paginate({
    query,
    cursors,
    fetch: ({ where, orderBy, take }) =>
      ctx.db.dunningPolicy.findMany({ where: { AND: [where, { archivedAt }] }, orderBy, take }),
    toWire: toDunningPolicyWire,
  });
}
