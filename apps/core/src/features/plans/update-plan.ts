import type { Prisma } from '@nova/prisma-tenant';

import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import { takingExternalId } from '../../platform/wire/external-id-taken.js';
import { mergeMetadata, readMetadata } from '../../platform/wire/metadata.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { type PlanWithPrices, toPlanWire } from './plan-wire.js';
import { lockPlan, readPlan } from './plans.repository.js';
import type { UpdatePlan } from './plans.schemas.js';
import { refuseUnlessOffered } from '../dunning/dunning-policies.repository.js';
import { recordChange } from '../events/record-change.js';

/**
 * Changes how a plan is presented, or whether it is offered.
 * @throws notFound, preconditionFailed, externalIdTaken, invalidRequest
 */
export async function updatePlan(
  ctx: TenantContext,
  idOrExternalId: string,
  input: UpdatePlan,
  expected: ExpectedVersions,
): Promise<PlanWithPrices> {
  return takingExternalId('/externalId', () =>
    ctx.transaction(async (tx) => {
      const plan = await lockPlan(tx.db, idOrExternalId);
      checkVersion(expected, plan.version);
      const before = toPlanWire(await readPlan(tx.db, plan.id));
      const { metadata, ...columns } = input;
      await refuseUnlessOffered(tx.db, columns.dunningPolicyId);
      const data: Prisma.PlanUncheckedUpdateInput = { ...columns };
      if (metadata !== undefined) data.metadata = mergeMetadata(readMetadata(plan.metadata), metadata);
      await tx.db.plan.update({
        where: { id: plan.id },
        data: { ...data, version: { increment: 1 }, updatedAt: ctx.clock.now() },
      });
      const changed = await readPlan(tx.db, plan.id);
      await recordChange(tx, ctx, 'plan.updated', toPlanWire(changed), { before });
      return changed;
    }),
  );
}
