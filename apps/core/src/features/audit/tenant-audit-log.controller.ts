import { Controller, Get, Query } from '@nestjs/common';

import { Ctx } from '../../platform/http/ctx.decorator.js';
import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { paginate } from '../../platform/http/pagination.js';
import type { TenantContext } from '../../tenancy/tenant-context.js';
import { AUDITED_TABLES } from './audited-objects.js';
import {
  DataChangeListSchema,
  type ListDataChangesQuery,
  ListDataChangesQuerySchema,
  toDataChangeWire,
} from './tenant-audit-log.schemas.js';

@Controller('audit-log')
export class TenantAuditLogController {
  constructor(private readonly cursors: Cursors) {}

  @Get()
  @Endpoint({
    summary: 'Read the changes of the billing data',
    description:
      'Who changed what in this mode, from what to what: written by the database in the transaction of the change, ' +
      'and never removed. What follows by itself, such as a renewal, is not listed. Changes of the account itself ' +
      'are under `/tenants/me/audit-log`.',
    access: 'audit_log:read',
    returns: DataChangeListSchema,
    operationId: 'listDataChanges',
  })
  list(
    @Ctx() ctx: TenantContext,
    @Query({ schema: ListDataChangesQuerySchema }) query: ListDataChangesQuery,
  ) {
    const { targetType, targetId, actorId } = query;
    const filter = {
      ...(targetType === undefined ? {} : { targetType: AUDITED_TABLES[targetType] }),
      ...(targetId === undefined ? {} : { targetId }),
      ...(actorId === undefined ? {} : { actorId, actorType: { not: 'operator' } }),
    };
    return paginate({
      query,
      cursors: this.cursors,
      fetch: ({ where, orderBy, take }) =>
        ctx.db.auditEntry.findMany({ where: { AND: [filter, where] }, orderBy, take }),
      toWire: toDataChangeWire,
    });
  }
}
