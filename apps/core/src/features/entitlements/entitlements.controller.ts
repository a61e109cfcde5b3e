import { Body, Controller, Post } from '@nestjs/common';

import { toDecimal } from '../../domain/money/decimal.js';
import { notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { consumeEntitlement, type Consumption } from './consume-entitlement.js';
import { nothingToRelease, notConsumable, transactionReused } from './entitlements.errors.js';
import {
  type CheckEntitlement,
  CheckEntitlementSchema,
  ConsumptionSchema,
  type ConsumptionWire,
  type ConsumeEntitlement,
  ConsumeEntitlementSchema,
  EntitlementCheckSchema,
  toCheckWire,
} from './entitlements.schemas.js';
import { readHolding } from './read-holdings.js';
import { releaseEntitlement } from './release-entitlement.js';

const EXAMPLE = {
  customerId: 'cus_01ke4v7m2qf7ct3xv0ab9d8h6r',
  feature: 'sms_credits',
  quantity: '1',
};

@Controller('entitlements')
export class EntitlementsController {
  @Post('check')
  @Endpoint({
    summary: 'Check an entitlement',
    description:
      'Whether a customer may use so much more of a feature, by its plans, add-ons and overrides. It changes nothing; ' +
      'where many use the same quota at once, consume it instead.',
    access: 'entitlements:read',
    rateLimit: 'ingest',
    // An answer of yesterday would be wrong today, and asking twice does no harm.
    idempotency: 'ignored',
    returns: EntitlementCheckSchema,
    errors: [notFound],
    example: EXAMPLE,
    operationId: 'checkEntitlement',
  })
  async check(@Ctx() ctx: TenantContext, @Body({ schema: CheckEntitlementSchema }) input: CheckEntitlement) {
    const holding = await readHolding(ctx, { customer: input.customerId, feature: input.feature });
    return toCheckWire(holding, toDecimal(String(input.quantity)));
  }

  @Post('consume')
  @Endpoint({
    summary: 'Consume an entitlement',
    description:
      'Uses up a quota, or takes some of a limit, if there is enough: `allowed` says so, and what was refused has ' +
      'used nothing. Never more than there is, however many ask at once. A `transactionId` counts once, for ever.',
    access: 'entitlements:write',
    rateLimit: 'ingest',
    returns: ConsumptionSchema,
    errors: [notFound, notConsumable, transactionReused],
    example: { ...EXAMPLE, transactionId: 'sms-2027-03-14-0001' },
    operationId: 'consumeEntitlement',
  })
  async consume(
    @Ctx() ctx: TenantContext,
    @Body({ schema: ConsumeEntitlementSchema }) input: ConsumeEntitlement,
  ) {
    return toConsumptionWire(await consumeEntitlement(ctx, input));
  }

  @Post('release')
  @Endpoint({
    summary: 'Release an entitlement',
    description:
      'Gives back what was consumed in the present window: a seat that is free again, a message that was not sent.',
    access: 'entitlements:write',
    rateLimit: 'ingest',
    returns: ConsumptionSchema,
    errors: [notFound, notConsumable, transactionReused, nothingToRelease],
    example: { ...EXAMPLE, transactionId: 'not-sent-2027-03-14-0001' },
    operationId: 'releaseEntitlement',
  })
  async release(
    @Ctx() ctx: TenantContext,
    @Body({ schema: ConsumeEntitlementSchema }) input: ConsumeEntitlement,
  ) {
    return toConsumptionWire(await releaseEntitlement(ctx, input));
  }
}

function toConsumptionWire({ holding, refused, transactionId, repeated }: Consumption): ConsumptionWire {
  return {
    ...toCheckWire(holding, toDecimal('0')),
    object: 'consumption',
    allowed: refused === null,
    reason: refused,
    transactionId,
    repeated,
  };
}
