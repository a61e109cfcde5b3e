import { Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import type { Logger } from 'pino';

import { systemClock } from '../../platform/clock/clock.js';
import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { HASH_KEY } from '../../platform/crypto/hash-key.js';
import { LOGGER } from '../../platform/log/log.module.js';
import { Mailer } from '../../platform/mail/mailer.js';
import { CentralDatabase } from '../../tenancy/central/central-database.js';
import { TenantProvisioner } from '../../tenancy/provisioning/tenant-provisioner.js';
import { EnrolmentQueue } from '../platform-billing/enrolment-queue.js';
import { PlatformAccountsModule } from '../platform-billing/platform-accounts.module.js';
import { TenantEntitlements } from '../platform-billing/tenant-entitlements.js';
import { RequestLimitsModule } from '../rate-limits/request-limits.module.js';
import { AuthController } from './auth.controller.js';
import { AuthGuard } from './auth.guard.js';
import { Credentials } from './credentials.js';
import { IDENTITY, type IdentityDeps, identityDeps } from './identity-deps.js';
import { KeyUsage } from './key-usage.js';
import { MeController } from './me.controller.js';
import { RequestLeaseInterceptor } from './request-lease.interceptor.js';

const identity = {
  provide: IDENTITY,
  inject: [
    CentralDatabase,
    CONFIG,
    TenantProvisioner,
    Mailer,
    LOGGER,
    HASH_KEY,
    TenantEntitlements,
    EnrolmentQueue,
  ],
  useFactory: (
    { db }: CentralDatabase,
    config: Config,
    provisioner: TenantProvisioner,
    mailer: Mailer,
    log: Logger,
    hashKey: Buffer,
    entitlements: TenantEntitlements,
    enrolments: EnrolmentQueue,
  ): IdentityDeps =>
    identityDeps(
      { central: db, config, provisioner, mailer, log, entitlements, enrolments, clock: systemClock },
      hashKey,
    ),
};

/** Who may come in. It guards every route of the process, and has the routes by which people log in and out. */
@Module({
  imports: [RequestLimitsModule, PlatformAccountsModule],
  controllers: [AuthController, MeController],
  providers: [
    identity,
    Credentials,
    KeyUsage,
    { provide: APP_GUARD, useClass: AuthGuard },
    { provide: APP_INTERCEPTOR, useClass: RequestLeaseInterceptor },
  ],
  exports: [IDENTITY],
})
export class AuthModule {}
