import { Module } from '@nestjs/common';

import { EnrolmentQueue } from './enrolment-queue.js';
import { PlatformTenant } from './platform-tenant.js';
import { TenantEntitlements } from './tenant-entitlements.js';

const SHARED = [PlatformTenant, TenantEntitlements, EnrolmentQueue];

/** What others need of the platform's billing: what a tenant may have, and to have a new one enrolled. */
@Module({ providers: SHARED, exports: SHARED })
export class PlatformAccountsModule {}
