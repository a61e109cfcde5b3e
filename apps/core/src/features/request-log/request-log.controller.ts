import { Controller, Get, Query } from '@nestjs/common';

import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { paginate } from '../../platform/http/pagination.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import {
  type ListRequestLogQuery,
  ListRequestLogQuerySchema,
  RequestLogSchema,
  statusesOf,
  toLoggedRequestWire,
} from './request-log.schemas.js';

@Controller('request-log')
export class RequestLogController {
  constructor(private readonly cursors: Cursors) {}

  @Get()
  @Endpoint({
    summary: 'Read the request log',
    description:
      'What was asked of the billing data of this mode, by whom, and what was answered: to see what an integration ' +
      'really does. Requests appear within seconds and are kept for a while. Bodies and credentials are never in it.',
    access: 'request_log:read',
    returns: RequestLogSchema,
    operationId: 'listRequestLog',
  })
  list(@Ctx() ctx: TenantContext, @Query({ schema: ListRequestLogQuerySchema }) query: ListRequestLogQuery) {
    const { status, method, errorCode, requestId } = query;
    const filter = {
      ...(status === undefined ? {} : { status: statusesOf(status) }),
      ...(method === undefined ? {} : { method }),
      ...(errorCode === undefined ? {} : { errorCode }),
      ...(requestId === undefined ? {} : { requestId }),
    };
    return paginate({
      query,
      cursors: this.cursors,
      fetch: ({ where, orderBy, take }) =>
        ctx.db.requestLogEntry.findMany({ where: { AND: [filter, where] }, orderBy, take }),
      toWire: toLoggedRequestWire,
    });
  }
}
