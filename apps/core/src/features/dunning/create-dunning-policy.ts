import type { DunningPolicy } from '@nova/prisma-tenant';

import { standardFinalDay } from '../../domain/dunning/dunning-policy.js';
import { newId } from '../../platform/ids/new-id.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { checkDunningPolicy } from './check-dunning-policy.js';
import { toDunningPolicyWire } from './dunning-policy-wire.js';
import type { CreateDunningPolicy } from './dunning-policies.schemas.js';
import { stepsJson } from './dunning-step-wire.js';
import { dropDefault, lockDefault } from './take-default.js';

/**
 * Makes a dunning policy. The tenant's first is the default one unless it says no.
 *
 * A tenant has none until it makes one, and `{}` makes the standard one: whoever charges cards knows that they are charged
 * again, and whoever's customers get letters knows their words. Engines that dun unasked (Stripe does) are switched off
 * in a console first thing; here nothing happens to a customer that nobody has asked for.
 * @throws invalidRequest
 */
export async function createDunningPolicy(
  ctx: TenantContext,
  { name, isDefault, steps, finalAction, finalAfterDays, metadata }: CreateDunningPolicy,
): Promise<DunningPolicy> {
  const plan = { steps, finalAction, finalAfterDays: finalAfterDays ?? standardFinalDay(steps) };
  checkDunningPolicy(plan);
  const now = ctx.clock.now();
  return ctx.transaction(async (tx) => {
    const present = await lockDefault(tx);
    const takesOver = isDefault ?? present === null;
    if (takesOver) await dropDefault(ctx, tx, present);
    const policy = await tx.db.dunningPolicy.create({
      data: {
        ...plan,
        id: newId('dun'),
        name,
        isDefault: takesOver,
        steps: stepsJson(steps),
        metadata,
        createdAt: now,
        updatedAt: now,
      },
    });
    await recordChange(tx, ctx, 'dunning_policy.created', toDunningPolicyWire(policy));
    return policy;
  });
}
