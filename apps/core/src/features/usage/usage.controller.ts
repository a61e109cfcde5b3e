import { Body, Controller, Post } from '@nestjs/common';

import { invalidRequest } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { ingestUsage } from './ingest-usage.js';
import { type UsageEventInput, UsageEventInputSchema } from './usage-event-input.js';
import {
  toBatchResultWire,
  type UsageBatch,
  UsageBatchResultSchema,
  UsageBatchSchema,
  UsageReceiptSchema,
} from './usage-wire.js';
import { usageRejected } from './usage.errors.js';

const EXAMPLE = {
  transactionId: '9f2c1b7e-call',
  customerId: 'bakery-17',
  eventName: 'api_calls',
  timestamp: '2026-01-31T09:00:00Z',
  properties: { quantity: 250, endpoint: '/v1/quotes' },
};

/** Takes usage. A key of the request would add nothing to the key that every event has: it is ignored here. */
@Controller('usage')
export class UsageController {
  @Post()
  @Endpoint({
    summary: 'Report usage',
    description:
      'One event, counted once by its `transactionId`: to send it again is harmless, and needs no Idempotency-Key. For more than a few use `POST /usage/batch`.',
    access: 'usage:write',
    status: 201,
    rateLimit: 'ingest',
    idempotency: 'ignored',
    returns: UsageReceiptSchema,
    errors: [usageRejected, invalidRequest],
    example: EXAMPLE,
    operationId: 'createUsageEvent',
  })
  async create(@Ctx() ctx: TenantContext, @Body({ schema: UsageEventInputSchema }) input: UsageEventInput) {
    const [result] = await ingestUsage(ctx, [input]);
    if (!result || result.status === 'rejected') {
      const errors = result ? [result.problem] : [];
      throw usageRejected(`${result?.problem.message ?? 'It was not read'}.`, { errors });
    }
    return {
      object: 'usage_receipt' as const,
      transactionId: result.transactionId,
      status: result.status,
      warnings: result.status === 'accepted' ? [...result.warnings] : [],
    };
  }

  @Post('batch')
  @Endpoint({
    summary: 'Report usage in a batch',
    description:
      'Up to 1,000 events. The answer says of each, in their order, whether it was accepted, is a duplicate, or was rejected and why; what was rejected can be sent again once it is right. Each is counted once by its `transactionId`, so a batch whose answer was lost is simply sent again.',
    access: 'usage:write',
    status: 200,
    rateLimit: 'ingest',
    idempotency: 'ignored',
    returns: UsageBatchResultSchema,
    errors: [invalidRequest],
    example: { events: [EXAMPLE, { ...EXAMPLE, transactionId: '9f2c1b80-call' }] },
    operationId: 'createUsageBatch',
  })
  async createBatch(@Ctx() ctx: TenantContext, @Body({ schema: UsageBatchSchema }) { events }: UsageBatch) {
    return toBatchResultWire(await ingestUsage(ctx, events));
  }
}
