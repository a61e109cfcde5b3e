import type { Feature, Meter } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import { violatedUniqueIndex } from '../../platform/errors/unique-violation.js';
import { newId } from '../../platform/ids/new-id.js';
import { takingExternalId } from '../../platform/wire/external-id-taken.js';
import type { TenantContext, TenantReader } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { toFeatureWire } from './feature-wire.js';
import { featureCodeTaken } from './features.errors.js';
import type { CreateFeature } from './features.schemas.js';

/**
 * Makes a feature that plans can grant.
 * @throws featureCodeTaken, externalIdTaken, notFound for the meter
 */
export async function createFeature(ctx: TenantContext, input: CreateFeature): Promise<Feature> {
  const { meterId, ...columns } = input;
  const now = ctx.clock.now();
  return takingExternalId('/externalId', () =>
    takingCode(() =>
      ctx.transaction(async (tx) => {
        const meter = meterId === undefined ? null : await requireMeter(tx.db, meterId);
        const feature = await tx.db.feature.create({
          data: { ...columns, id: newId('feat'), meterId: meter?.id ?? null, createdAt: now, updatedAt: now },
        });
        await recordChange(tx, ctx, 'feature.created', toFeatureWire(feature));
        return feature;
      }),
    ),
  );
}

async function requireMeter(db: TenantReader, reference: string): Promise<Meter> {
  const named = [{ id: reference }, { externalId: reference }];
  const meter = await db.meter.findFirst({ where: { OR: named, archivedAt: null } });
  if (meter) return meter;
  throw notFound('There is no such meter.', {
    errors: [{ pointer: '/meterId', code: notFound.code, message: 'is no meter' }],
  });
}

async function takingCode<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!violatedUniqueIndex(error)?.includes('code')) throw error;
    throw featureCodeTaken('Another feature has this code.', {
      errors: [{ pointer: '/code', code: featureCodeTaken.code, message: 'is taken' }],
      cause: error,
    });
  }
}
