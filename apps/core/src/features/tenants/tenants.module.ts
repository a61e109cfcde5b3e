import { Module } from '@nestjs/common';

import { AuditLogController } from '../audit/audit-log.controller.js';
import { AuthModule } from '../auth/auth.module.js';
import { TenantsController } from './tenants.controller.js';

@Module({ imports: [AuthModule], controllers: [TenantsController, AuditLogController] })
export class TenantsModule {}
