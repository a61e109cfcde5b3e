import type { DunningPolicy, Prisma } from '@nova/prisma-tenant';

import type { FinalAction } from '../../domain/dunning/dunning-policy.js';
import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import { mergeMetadata, readMetadata } from '../../platform/wire/metadata.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { checkDunningPolicy } from './check-dunning-policy.js';
import { dunningPolicyArchived } from './dunning.errors.js';
import { lockDunningPolicy } from './dunning-policies.repository.js';
import type { UpdateDunningPolicy } from './dunning-policies.schemas.js';
import { toDunningPolicyWire } from './dunning-policy-wire.js';
import { readSteps, stepsJson } from './dunning-step-wire.js';
import { dropDefault, lockDefault } from './take-default.js';

/**
 * Changes a policy for dunning that begins from now on.
 * @throws notFound, preconditionFailed, dunningPolicyArchived, invalidRequest
 */
export async function updateDunningPolicy(
  ctx: TenantContext,
  id: string,
  input: UpdateDunningPolicy,
  expected: ExpectedVersions,
): Promise<DunningPolicy> {
  return ctx.transaction(async (tx) => {
    const present = input.isDefault === undefined ? null : await lockDefault(tx);
    const policy = await lockDunningPolicy(tx.db, id);
    checkVersion(expected, policy.version);
    if (policy.archivedAt) throw dunningPolicyArchived(`Dunning policy ${policy.id} is archived.`);
    if (input.isDefault === true && present?.id !== policy.id) await dropDefault(ctx, tx, present);
    const changed = await tx.db.dunningPolicy.update({
      where: { id: policy.id },
      data: { ...changesOf(policy, input), version: { increment: 1 }, updatedAt: ctx.clock.now() },
    });
    const before = toDunningPolicyWire(policy);
    await recordChange(tx, ctx, 'dunning_policy.updated', toDunningPolicyWire(changed), { before });
    return changed;
  });
}

function changesOf(policy: DunningPolicy, input: UpdateDunningPolicy): Prisma.DunningPolicyUpdateInput {
  const { metadata, steps, ...columns } = input;
  checkDunningPolicy({
    steps: steps ?? readSteps(policy.steps),
    finalAction: columns.finalAction ?? (policy.finalAction as FinalAction),
    finalAfterDays: columns.finalAfterDays ?? policy.finalAfterDays,
  });
  return {
    ...columns,
    ...(steps === undefined ? {} : { steps: stepsJson(steps) }),
    ...(metadata === undefined ? {} : { metadata: mergeMetadata(readMetadata(policy.metadata), metadata) }),
  };
}
