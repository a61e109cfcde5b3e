import { Controller, Get } from '@nestjs/common';

import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { ReconciliationListSchema, toReconciliationWire } from './reconciliation-wire.js';

@Controller('reconciliations')
export class ReconciliationsController {
  @Get()
  @Endpoint({
    summary: 'List reconciliations',
    description:
      'How far the books of each payment provider in use have been compared with yours, so that money whose webhook was lost is found. Live ones are read every hour; those of test mode every day of your clock, and every week while it is moved.',
    access: 'payments:read',
    returns: ReconciliationListSchema,
    operationId: 'listReconciliations',
  })
  async list(@Ctx() ctx: TenantContext) {
    const rows = await ctx.db.reconciliation.findMany({ orderBy: { provider: 'asc' } });
    return { object: 'list' as const, data: rows.map(toReconciliationWire) };
  }
}
