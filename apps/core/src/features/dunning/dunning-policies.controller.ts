import { Body, Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';

import { invalidRequest, notFound, preconditionFailed } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { type ExpectedVersions, IfMatch } from '../../platform/http/if-match.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { archiveDunningPolicy } from './archive-dunning-policy.js';
import { createDunningPolicy } from './create-dunning-policy.js';
import { dunningPolicyArchived } from './dunning.errors.js';
import { listDunningPolicies, requireDunningPolicy } from './dunning-policies.repository.js';
import {
  type CreateDunningPolicy,
  CreateDunningPolicySchema,
  type ListDunningPoliciesQuery,
  ListDunningPoliciesQuerySchema,
  type UpdateDunningPolicy,
  UpdateDunningPolicySchema,
} from './dunning-policies.schemas.js';
import { DunningPolicyListSchema, DunningPolicySchema, toDunningPolicyWire } from './dunning-policy-wire.js';
import { updateDunningPolicy } from './update-dunning-policy.js';

@Controller('dunning-policies')
export class DunningPoliciesController {
  constructor(private readonly cursors: Cursors) {}

  @Post()
  @Endpoint({
    summary: 'Create a dunning policy',
    description:
      'What is done about an invoice that is not paid, day by day. It begins when an automatic charge fails, or when an invoice is overdue, by the customer’s policy, else the plan’s, else the default one; with none of them nothing is done. `{}` makes the standard one: charges on days 2, 5, 7 and 14, and three letters.',
    access: 'dunning:write',
    status: 201,
    returns: DunningPolicySchema,
    errors: [invalidRequest],
    example: {
      name: 'Cards',
      steps: [
        { offsetDays: 2, actions: [{ kind: 'charge' }] },
        { offsetDays: 5, actions: [{ kind: 'charge' }, { kind: 'email', template: 'first_reminder' }] },
        { offsetDays: 14, actions: [{ kind: 'charge' }, { kind: 'email', template: 'final_notice' }] },
      ],
      finalAction: 'cancel',
      finalAfterDays: 21,
    },
    operationId: 'createDunningPolicy',
  })
  async create(
    @Ctx() ctx: TenantContext,
    @Body({ schema: CreateDunningPolicySchema }) input: CreateDunningPolicy,
  ) {
    return toDunningPolicyWire(await createDunningPolicy(ctx, input));
  }

  @Get()
  @Endpoint({
    summary: 'List dunning policies',
    access: 'dunning:read',
    returns: DunningPolicyListSchema,
    operationId: 'listDunningPolicies',
  })
  list(
    @Ctx() ctx: TenantContext,
    @Query({ schema: ListDunningPoliciesQuerySchema }) query: ListDunningPoliciesQuery,
  ) {
    return listDunningPolicies(ctx, this.cursors, query);
  }

  @Get(':id')
  @Endpoint({
    summary: 'Retrieve a dunning policy',
    access: 'dunning:read',
    returns: DunningPolicySchema,
    errors: [notFound],
    operationId: 'retrieveDunningPolicy',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') id: string) {
    return toDunningPolicyWire(await requireDunningPolicy(ctx.db, id));
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change a dunning policy, or make it the default one',
    access: 'dunning:write',
    returns: DunningPolicySchema,
    errors: [notFound, dunningPolicyArchived, preconditionFailed, invalidRequest],
    example: { isDefault: true, finalAction: 'uncollectible' },
    operationId: 'updateDunningPolicy',
  })
  async update(
    @Ctx() ctx: TenantContext,
    @Param('id') id: string,
    @Body({ schema: UpdateDunningPolicySchema }) input: UpdateDunningPolicy,
    @IfMatch() expected: ExpectedVersions,
  ) {
    return toDunningPolicyWire(await updateDunningPolicy(ctx, id, input, expected));
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Archive a dunning policy',
    description: 'Dunning that has begun goes on by the steps that it began with.',
    access: 'dunning:write',
    returns: null,
    errors: [notFound, preconditionFailed],
    operationId: 'archiveDunningPolicy',
  })
  async archive(@Ctx() ctx: TenantContext, @Param('id') id: string, @IfMatch() expected: ExpectedVersions) {
    await archiveDunningPolicy(ctx, id, expected);
  }
}
