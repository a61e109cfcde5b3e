import type { Feature, Prisma } from '@nova/prisma-tenant';

import { checkVersion, type ExpectedVersions } from '../../platform/http/if-match.js';
import { takingExternalId } from '../../platform/wire/external-id-taken.js';
import { mergeMetadata, readMetadata } from '../../platform/wire/metadata.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { recordChange } from '../events/record-change.js';
import { toFeatureWire } from './feature-wire.js';
import { lockFeature } from './features.repository.js';
import type { UpdateFeature } from './features.schemas.js';

/**
 * Changes how a feature is presented, or whether further plans can have it. Its code and kind stay: plans and programs
 * go by them.
 * @throws notFound, preconditionFailed, externalIdTaken, invalidRequest
 */
export async function updateFeature(
  ctx: TenantContext,
  reference: string,
  input: UpdateFeature,
  expected: ExpectedVersions,
): Promise<Feature> {
  return takingExternalId('/externalId', () =>
    ctx.transaction(async (tx) => {
      const feature = await lockFeature(tx.db, reference);
      checkVersion(expected, feature.version);
      const { metadata, archived, ...columns } = input;
      const now = ctx.clock.now();
      const data: Prisma.FeatureUpdateInput = { ...columns };
      if (metadata !== undefined) data.metadata = mergeMetadata(readMetadata(feature.metadata), metadata);
      if (archived !== undefined) data.archivedAt = archived ? (feature.archivedAt ?? now) : null;
      const changed = await tx.db.feature.update({
        where: { id: feature.id },
        data: { ...data, version: { increment: 1 }, updatedAt: now },
      });
      const before = toFeatureWire(feature);
      await recordChange(tx, ctx, 'feature.updated', toFeatureWire(changed), { before });
      return changed;
    }),
  );
}
