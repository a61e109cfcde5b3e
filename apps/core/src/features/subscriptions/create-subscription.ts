import { localDate, periodBound } from '../../domain/calendar/periods.js';
import { invalidRequest } from '../../platform/errors/common-errors.js';
import { newId } from '../../platform/ids/new-id.js';
import { takingExternalId } from '../../platform/wire/external-id-taken.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { holdCustomer } from '../customers/customers.repository.js';
import { defaultNetTermsDays } from '../invoices/net-terms.js';
import { loadOffer } from '../plans/load-offer.js';
import { holdPlan } from '../plans/plans.repository.js';
import { billRenewals } from './bill-renewals.js';
import { chooseItems, type ChosenItems } from './choose-items.js';
import type { ShownSubscription } from './subscription-wire.js';
import { readSubscription } from './subscriptions.repository.js';
import type { CreateSubscription } from './subscriptions.schemas.js';

const START_AHEAD_DAYS_MAX = 366;
const DAY_MS = 86_400_000;

/**
 * Subscribes a customer to a plan. One that starts now is billed for its first period in the same transaction; one
 * that starts later waits for the billing run.
 * @throws notFound, notOffered, itemsDoNotFit, externalIdTaken, invalidRequest
 */
export async function createSubscription(
  ctx: TenantContext,
  input: CreateSubscription,
): Promise<ShownSubscription> {
  const id = newId('sub');
  const startsAt = readStart(ctx, input);
  await takingExternalId('/externalId', () =>
    ctx.transaction(async (tx) => {
      const customer = await holdCustomer(tx.db, input.customerId);
      const plan = await holdPlan(tx.db, input.planId);
      const named = (input.items ?? []).map(({ priceId }) => priceId);
      const planVersion = plan.currentVersion;
      const chosen = chooseItems({
        offer: await loadOffer(tx.db, plan, { planVersion, named }),
        items: input.items,
        currency: input.currency ?? null,
        customerCurrency: customer.currency,
      });
      await insertSubscription(ctx, tx, {
        id,
        input,
        startsAt,
        customerId: customer.id,
        planId: plan.id,
        planVersion,
        chosen,
        timeZone: input.timeZone ?? customer.timeZone ?? ctx.tenant.timeZone,
      });
      if (startsAt > ctx.clock.now()) tx.due('billing', startsAt);
      else await billRenewals(ctx, tx, [await tx.db.subscription.findUniqueOrThrow({ where: { id } })]);
    }),
  );
  return readSubscription(ctx.db, id);
}

function readStart(ctx: TenantContext, input: CreateSubscription): Date {
  const now = ctx.clock.now();
  if (input.startAt === undefined) return now;
  const startsAt = new Date(input.startAt);
  const refuse = (message: string) =>
    invalidRequest(`startAt ${message}.`, {
      errors: [{ pointer: '/startAt', code: 'out_of_range', message }],
    });
  if (startsAt < now) throw refuse('must not lie in the past');
  if (startsAt.getTime() - now.getTime() > START_AHEAD_DAYS_MAX * DAY_MS) {
    throw refuse('must not be more than a year ahead');
  }
  return startsAt;
}

interface NewSubscription {
  id: string;
  input: CreateSubscription;
  startsAt: Date;
  customerId: string;
  planId: string;
  planVersion: number;
  chosen: ChosenItems;
  timeZone: string;
}

async function insertSubscription(
  ctx: TenantContext,
  tx: TenantTransaction,
  made: NewSubscription,
): Promise<void> {
  const { id, input, startsAt, chosen, timeZone } = made;
  const { currency, interval, intervalCount } = chosen;
  const now = ctx.clock.now();
  const anchorDate = localDate(startsAt, timeZone);
  await tx.db.subscription.create({
    data: {
      id,
      externalId: input.externalId ?? null,
      customerId: made.customerId,
      planId: made.planId,
      planVersion: made.planVersion,
      status: 'scheduled',
      currency,
      interval,
      intervalCount,
      timeZone,
      anchorDate,
      startedAt: startsAt,
      periodIndex: 0,
      currentPeriodStart: startsAt,
      currentPeriodEnd: periodBound({ anchorDate, interval, count: intervalCount, timeZone }, 1),
      nextBillingAt: startsAt,
      collectionMethod: input.collectionMethod,
      netTermsDays: input.netTermsDays ?? defaultNetTermsDays(ctx, input.collectionMethod),
      metadata: input.metadata,
      createdAt: now,
      updatedAt: now,
    },
  });
  await tx.db.subscriptionItem.createMany({
    data: chosen.items.map(({ price, quantity }, index) => ({
      id: newId('si'),
      subscriptionId: id,
      priceId: price.id,
      quantity: quantity.toFixed(),
      position: index + 1,
    })),
  });
}
