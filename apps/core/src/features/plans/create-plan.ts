import { newId } from '../../platform/ids/new-id.js';
import { takingExternalId } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { refuseUnlessOffered } from '../dunning/dunning-policies.repository.js';
import { insertPrice } from './insert-price.js';
import { type PlanWithPrices, toPlanWire } from './plan-wire.js';
import { readPlan } from './plans.repository.js';
import type { CreatePlan } from './plans.schemas.js';
import { recordChange } from '../events/record-change.js';

/**
 * Makes a plan with its first version and the prices of it: all of it or nothing.
 * @throws externalIdTaken, invalidRequest
 */
export async function createPlan(ctx: TenantContext, input: CreatePlan): Promise<PlanWithPrices> {
  const { prices, commitments, trialDays, ...columns } = input;
  const id = newId('plan');
  const now = ctx.clock.now();
  return takingExternalId('/externalId', () =>
    ctx.transaction(async (tx) => {
      await refuseUnlessOffered(tx.db, columns.dunningPolicyId);
      await tx.db.plan.create({ data: { ...columns, id, createdAt: now, updatedAt: now } });
      await tx.db.planVersion.create({
        data: { planId: id, number: 1, commitments, trialDays, createdAt: now },
      });
      // One after the other, so that their ids are in the order they were given, and a taken one can be pointed at.
      for (const [index, price] of prices.entries()) {
        const pointer = `/prices/${index}`;
        await takingExternalId(`${pointer}/externalId`, () =>
          insertPrice(ctx, tx, { planId: id, planVersion: 1, input: price, pointer }),
        );
      }
      const plan = await readPlan(tx.db, id);
      await recordChange(tx, ctx, 'plan.created', toPlanWire(plan));
      return plan;
    }),
  );
}
