import { Controller, Get, Param, Query } from '@nestjs/common';
import type { Prisma } from '@nova/prisma-tenant';

import { notFound } from '../../platform/errors/common-errors.js';
import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { paginate } from '../../platform/http/pagination.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import {
  EventListSchema,
  EventSchema,
  type ListEventsQuery,
  ListEventsQuerySchema,
  toEventWire,
} from './event-wire.js';

@Controller('events')
export class EventsController {
  constructor(private readonly cursors: Cursors) {}

  @Get()
  @Endpoint({
    summary: 'List events',
    description: 'What happened to objects, each written together with what made it happen.',
    access: 'events:read',
    returns: EventListSchema,
    operationId: 'listEvents',
  })
  list(@Ctx() ctx: TenantContext, @Query({ schema: ListEventsQuerySchema }) query: ListEventsQuery) {
    const filters: Prisma.EventWhereInput[] = [];
    if (query.type !== undefined) filters.push({ type: query.type });
    if (query.objectId !== undefined) filters.push({ objectId: query.objectId });
    return paginate({
      query,
      cursors: this.cursors,
      fetch: ({ where, orderBy, take }) =>
        ctx.db.event.findMany({ where: { AND: [where, ...filters] }, orderBy, take }),
      toWire: toEventWire,
    });
  }

  @Get(':id')
  @Endpoint({
    summary: 'Retrieve an event',
    access: 'events:read',
    returns: EventSchema,
    errors: [notFound],
    operationId: 'retrieveEvent',
  })
  async retrieve(@Ctx() ctx: TenantContext, @Param('id') id: string) {
    const event = await ctx.db.event.findUnique({ where: { id } });
    if (!event) throw notFound('There is no such event.');
    return toEventWire(event);
  }
}
