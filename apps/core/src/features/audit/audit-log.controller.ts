import { Controller, Get, Inject, Query } from '@nestjs/common';

import { Cursors } from '../../platform/http/cursors.js';
import { Endpoint } from '../../platform/http/endpoint.decorator.js';
import { paginate } from '../../platform/http/pagination.js';
import { Account, type AccountContext } from '../auth/account-context.js';
import { IDENTITY, type IdentityDeps } from '../auth/identity-deps.js';
import {
  AuditLogSchema,
  type ListAuditLogQuery,
  ListAuditLogQuerySchema,
  toAuditEntryWire,
} from './audit-log.schemas.js';

@Controller('tenants/me/audit-log')
export class AuditLogController {
  constructor(
    @Inject(IDENTITY) private readonly deps: IdentityDeps,
    private readonly cursors: Cursors,
  ) {}

  @Get()
  @Endpoint({
    summary: 'Read the audit log',
    description:
      'Who changed what about the account: its people, its keys and its profile. Nothing is ever removed.',
    access: 'members:read',
    returns: AuditLogSchema,
    operationId: 'listAuditLog',
  })
  list(
    @Account() { tenantId }: AccountContext,
    @Query({ schema: ListAuditLogQuerySchema }) query: ListAuditLogQuery,
  ) {
    const { action, actorId, targetId } = query;
    const filter = {
      tenantId,
      ...(action === undefined ? {} : { action }),
      ...(actorId === undefined ? {} : { actorId, actorType: { not: 'operator' } }),
      ...(targetId === undefined ? {} : { targetId }),
    };
    return paginate({
      query,
      cursors: this.cursors,
      fetch: ({ where, orderBy, take }) =>
        this.deps.central.auditEntry.findMany({ where: { AND: [filter, where] }, orderBy, take }),
      toWire: toAuditEntryWire,
    });
  }
}
