import type { Plan, Price, Prisma } from '@nova/prisma-tenant';

import { invalidRequest } from '../../platform/errors/common-errors.js';
import { newId } from '../../platform/ids/new-id.js';
import { takingExternalId } from '../../platform/wire/external-id-taken.js';
import type { TenantContext, TenantTransaction } from '../../tenancy/tenant-context.js';
import { type Commitments, commitmentProblems } from './commitments.js';
import { insertPrice } from './insert-price.js';
import { VERSIONS_MAX } from './plan-limits.js';
import { planFull } from './plans.errors.js';
import { lockPlan } from './plans.repository.js';
import type { PublishVersion } from './plans.schemas.js';
import type { ShownVersion } from './version-wire.js';
import { readVersion, pricesOfVersions, termsOfVersions } from './versions.repository.js';
import { recordChange } from '../events/record-change.js';
import { toVersionWire } from './version-wire.js';

/**
 * Makes a new version of a plan and gives it to new subscriptions; those there are keep theirs. The plan's row is
 * taken, so that two at once get different numbers and the later one builds on the earlier.
 * @throws notFound, planFull, externalIdTaken, invalidRequest
 */
export async function publishVersion(
  ctx: TenantContext,
  planReference: string,
  input: PublishVersion,
): Promise<ShownVersion> {
  return ctx.transaction(async (tx) => {
    const plan = await lockPlan(tx.db, planReference);
    if (plan.currentVersion >= VERSIONS_MAX) {
      throw planFull(`Plan ${plan.id} has ${VERSIONS_MAX} versions. Make another plan.`);
    }
    refuseOnAddOn(plan, input);
    const present = { planId: plan.id, number: plan.currentVersion };
    const terms = (await termsOfVersions(tx.db, [present]))(present);
    const number = plan.currentVersion + 1;
    const commitments = input.commitments ?? terms.commitments;
    const now = ctx.clock.now();
    await tx.db.planVersion.create({
      data: {
        planId: plan.id,
        number,
        description: input.description ?? null,
        commitments,
        trialDays: input.trialDays ?? terms.trialDays,
        createdAt: now,
      },
    });
    await writePrices(ctx, tx, { plan, number, input });
    await copyFeatures(tx, plan, number);
    const changed = await tx.db.plan.update({
      where: { id: plan.id },
      data: { currentVersion: number, version: { increment: 1 }, updatedAt: now },
    });
    const version = await readVersion(tx.db, changed, number);
    refuseForeignCommitments(commitments, version.prices);
    const { prices: _prices, ...shown } = toVersionWire(version);
    await recordChange(tx, ctx, 'plan.version_published', { ...shown, id: plan.id });
    return version;
  });
}

interface NewVersion {
  readonly plan: Plan;
  readonly number: number;
  readonly input: PublishVersion;
}

async function writePrices(ctx: TenantContext, tx: TenantTransaction, made: NewVersion): Promise<void> {
  const { plan, number, input } = made;
  if (input.prices === undefined) {
    const present = await pricesOfVersions(tx.db, [{ planId: plan.id, number: plan.currentVersion }]);
    await copyPrices(
      ctx,
      tx,
      present.filter(({ active }) => active),
      number,
    );
    return;
  }
  for (const [index, price] of input.prices.entries()) {
    const pointer = `/prices/${index}`;
    await takingExternalId(`${pointer}/externalId`, () =>
      insertPrice(ctx, tx, { planId: plan.id, planVersion: number, input: price, pointer }),
    );
  }
}

/** The copies have no external id: that names the price it was given to. */
async function copyPrices(
  ctx: TenantContext,
  tx: TenantTransaction,
  prices: readonly Price[],
  planVersion: number,
): Promise<void> {
  const now = ctx.clock.now();
  await tx.db.price.createMany({
    data: prices.map((price) => ({
      ...price,
      id: newId('price'),
      externalId: null,
      planVersion,
      terms: price.terms as Prisma.InputJsonObject,
      groupBy: price.groupBy as Prisma.InputJsonArray,
      metadata: price.metadata as Prisma.InputJsonObject,
      version: 1,
      createdAt: now,
      updatedAt: now,
    })),
  });
}

async function copyFeatures(tx: TenantTransaction, plan: Plan, number: number): Promise<void> {
  await tx.db.$executeRaw`
    INSERT INTO plan_features (plan_id, plan_version, feature_id, enabled, amount, reset)
    SELECT plan_id, ${number}::int, feature_id, enabled, amount, reset FROM plan_features
    WHERE plan_id = ${plan.id} AND plan_version = ${plan.currentVersion}`;
}

function refuseOnAddOn(plan: Plan, { trialDays, commitments }: PublishVersion): void {
  if (plan.kind === 'base') return;
  const message = 'makes no sense on an add-on; leave it out';
  const problems = [
    ...((trialDays ?? 0) > 0 ? ['/trialDays'] : []),
    ...((commitments ?? []).length > 0 ? ['/commitments'] : []),
  ].map((pointer) => ({ pointer, code: 'not_applicable', message }));
  if (problems.length > 0) throw invalidRequest(`Plan ${plan.id} is an add-on.`, { errors: problems });
}

/** Also of commitments that were taken over, when the new prices have other currencies. */
function refuseForeignCommitments(commitments: Commitments, prices: readonly Price[]): void {
  const currencies = new Set(prices.map(({ currency }) => currency));
  const errors = commitmentProblems(commitments, currencies).map(({ index, message }) => ({
    pointer: `/commitments/${index}/currency`,
    code: 'currency_mismatch',
    message,
  }));
  if (errors.length > 0) throw invalidRequest('The commitments and the prices do not fit.', { errors });
}
