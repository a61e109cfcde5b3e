import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';

import { invalidRequest, notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { invoiceNotOpen } from '../invoices/invoices.errors.js';
import { requireInvoice } from '../invoices/invoices.repository.js';
import { dunningNotRunning, dunningRunning, noDunningPolicy } from './dunning.errors.js';
import { type StartDunning, StartDunningSchema } from './dunning-policies.schemas.js';
import { DunningTimelineSchema, toTimelineWire } from './dunning-run-wire.js';
import { readTimeline } from './read-timeline.js';
import { startDunning } from './start-dunning.js';
import { stopDunning } from './stop-dunning.js';

/** Stands with dunning, which knows invoices, so that the routes of invoices need not know dunning. */
@Controller('invoices/:id/dunning')
export class InvoiceDunningController {
  @Get()
  @Endpoint({
    summary: 'Retrieve the dunning of an invoice',
    description: 'What was done about it being unpaid, and what comes next, when.',
    access: 'dunning:read',
    returns: DunningTimelineSchema,
    errors: [notFound],
    operationId: 'retrieveInvoiceDunning',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') reference: string) {
    const { id } = await requireInvoice(ctx.db, reference);
    return toTimelineWire(await readTimeline(ctx.db, id), ctx.tenant.timeZone);
  }

  @Post('start')
  @HttpCode(200)
  @Endpoint({
    summary: 'Start the dunning of an invoice',
    description:
      'Of one that is open and is not being dunned. Its days are counted from now, also where it was dunned before.',
    access: 'dunning:write',
    returns: DunningTimelineSchema,
    errors: [notFound, invoiceNotOpen, dunningRunning, noDunningPolicy, invalidRequest],
    example: {},
    operationId: 'startInvoiceDunning',
  })
  async start(
    @Ctx() ctx: TenantContext,
    @Param('id') reference: string,
    @Body({ schema: StartDunningSchema }) input: StartDunning,
  ) {
    return toTimelineWire(await startDunning(ctx, reference, input), ctx.tenant.timeZone);
  }

  @Post('stop')
  @HttpCode(200)
  @Endpoint({
    summary: 'Stop the dunning of an invoice',
    description:
      'It stays owed. By itself its dunning does not begin again. A charge that is under way is not called back.',
    access: 'dunning:write',
    returns: DunningTimelineSchema,
    errors: [notFound, dunningNotRunning],
    operationId: 'stopInvoiceDunning',
  })
  async stop(@Ctx() ctx: TenantContext, @Param('id') reference: string) {
    return toTimelineWire(await stopDunning(ctx, reference), ctx.tenant.timeZone);
  }
}
