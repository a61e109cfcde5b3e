import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';

import { invalidRequest, notFound, preconditionFailed } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { type ExpectedVersions, IfMatch } from '../../platform/http/if-match.js';
import { externalIdTaken } from '../../platform/wire/external-id-taken.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { createFeature } from './create-feature.js';
import { deleteFeature } from './delete-feature.js';
import { FeatureListSchema, FeatureSchema, toFeatureWire } from './feature-wire.js';
import { featureCodeTaken, featureInUse } from './features.errors.js';
import { listFeatures, requireFeature } from './features.repository.js';
import {
  type CreateFeature,
  CreateFeatureSchema,
  type ListFeaturesQuery,
  ListFeaturesQuerySchema,
  type UpdateFeature,
  UpdateFeatureSchema,
} from './features.schemas.js';
import { updateFeature } from './update-feature.js';

@Controller('features')
export class FeaturesController {
  constructor(private readonly cursors: Cursors) {}

  @Post()
  @Endpoint({
    summary: 'Create a feature',
    description:
      'Something that plans switch on, limit or meter out. Plans grant it by `PUT /plans/{id}/features`.',
    access: 'plans:write',
    status: 201,
    returns: FeatureSchema,
    errors: [notFound, featureCodeTaken, externalIdTaken, invalidRequest],
    example: { code: 'sms_credits', name: 'SMS credits', kind: 'quota', unit: 'message' },
    operationId: 'createFeature',
  })
  async create(@Ctx() ctx: TenantContext, @Body({ schema: CreateFeatureSchema }) input: CreateFeature) {
    return toFeatureWire(await createFeature(ctx, input));
  }

  @Get()
  @Endpoint({
    summary: 'List features',
    access: 'plans:read',
    returns: FeatureListSchema,
    operationId: 'listFeatures',
  })
  list(@Ctx() ctx: TenantContext, @Query({ schema: ListFeaturesQuerySchema }) query: ListFeaturesQuery) {
    return listFeatures(ctx, this.cursors, query);
  }

  @Get(':id')
  @Endpoint({
    summary: 'Retrieve a feature',
    description: 'By its id, its code or your external id.',
    access: 'plans:read',
    returns: FeatureSchema,
    errors: [notFound],
    operationId: 'retrieveFeature',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') reference: string) {
    return toFeatureWire(await requireFeature(ctx.db, reference));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change or archive a feature',
    description: 'Its code and kind stay. `archived: true` offers it to no further plan.',
    access: 'plans:write',
    returns: FeatureSchema,
    errors: [notFound, externalIdTaken, preconditionFailed, invalidRequest],
    example: { name: 'Text messages', archived: false },
    operationId: 'updateFeature',
  })
  async update(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Body({ schema: UpdateFeatureSchema }) input: UpdateFeature,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return toFeatureWire(await updateFeature(ctx, reference, input, expected));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Delete a feature',
    description: 'When no plan ever granted it and nobody has used it. Else archive it.',
    access: 'plans:write',
    returns: null,
    errors: [notFound, featureInUse, preconditionFailed],
    operationId: 'deleteFeature',
  })
  async remove(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @IfMatch() expected: ExpectedVersions,
  ) {
    await deleteFeature(ctx, reference, expected);
  }
}
