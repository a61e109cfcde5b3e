import { Module } from '@nestjs/common';

import { AuthModule } from '../auth/auth.module.js';
import { AuditLogController } from './audit-log.controller.js';
import { TenantAuditLogController } from './tenant-audit-log.controller.js';

/** Who changed what: about the account, out of central, and of the billing data, out of the tenant's own database. */
@Module({ imports: [AuthModule], controllers: [AuditLogController, TenantAuditLogController] })
export class AuditModule {}
