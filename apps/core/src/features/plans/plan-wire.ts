import type { Plan, Price } from '@nova/prisma-tenant';
import { z } from 'zod';

import { MomentSchema } from '../../platform/http/common-schemas.js';
import { listOf } from '../../platform/http/pagination.js';
import { MetadataSchema, readMetadata } from '../../platform/wire/metadata.js';
import { type Commitments, CommitmentsSchema } from './commitments.js';
import { PriceSchema, toPriceWire } from './price-wire.js';

export const PLAN_KINDS = ['base', 'add_on'] as const;

export const PlanSchema = z
  .object({
    object: z.literal('plan'),
    id: z.string(),
    externalId: z.string().nullable(),
    name: z.string(),
    description: z.string().nullable(),
    active: z.boolean().meta({ description: 'Whether it can be subscribed to.' }),
    kind: z.enum(PLAN_KINDS).meta({
      description: 'An `add_on` is attached to subscriptions of other plans.',
    }),
    currentVersion: z.int().meta({ description: 'Number of the version that new subscriptions get.' }),
    prices: z.array(PriceSchema).meta({
      description: 'Those of the current version, in the order they were made.',
    }),
    commitments: CommitmentsSchema,
    trialDays: z.int(),
    dunningPolicyId: z.string().nullable(),
    metadata: MetadataSchema,
    version: z.int(),
    createdAt: MomentSchema,
    updatedAt: MomentSchema,
  })
  .meta({ id: 'Plan' });
export type PlanWire = z.infer<typeof PlanSchema>;

export const PlanListSchema = listOf(PlanSchema, 'PlanList');

/** What a version of a plan says besides its prices. */
export interface VersionTerms {
  readonly commitments: Commitments;
  readonly trialDays: number;
}

/** A plan as the wire has it: with what its current version charges. */
export type PlanWithPrices = Plan & { prices: Price[]; terms: VersionTerms };

/** The plan as callers see it. */
export function toPlanWire(row: PlanWithPrices): PlanWire {
  return {
    object: 'plan',
    id: row.id,
    externalId: row.externalId,
    name: row.name,
    description: row.description,
    active: row.active,
    kind: row.kind as PlanWire['kind'],
    currentVersion: row.currentVersion,
    prices: row.prices.map(toPriceWire),
    commitments: row.terms.commitments,
    trialDays: row.terms.trialDays,
    // A database of the release before does not know it.
    dunningPolicyId: row.dunningPolicyId ?? null,
    metadata: readMetadata(row.metadata),
    version: row.version,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
