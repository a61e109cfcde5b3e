import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';

import { systemClock } from '../../platform/clock/clock.js';
import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { LOGGER } from '../../platform/log/log.module.js';
import { JobQueues } from '../../platform/queues/job-queues.js';
import { CentralDatabase } from '../../tenancy/central/central-database.js';
import { TenantDirectory } from '../../tenancy/directory/tenant-directory.js';
import { PlatformTasks } from '../../tenancy/housekeeping/platform-tasks.js';
import { KeyRing } from '../../tenancy/keys/key-ring.js';
import { TenantProvisioner } from '../../tenancy/provisioning/tenant-provisioner.js';
import { type LifeDeps, TENANT_LIFE } from './life-deps.js';
import { purgeDueTenants } from './purge-due-tenants.js';

const life = {
  provide: TENANT_LIFE,
  inject: [CentralDatabase, CONFIG, KeyRing, TenantProvisioner, JobQueues, TenantDirectory, LOGGER],
  useFactory: (
    central: CentralDatabase,
    config: Config,
    keys: KeyRing,
    provisioner: TenantProvisioner,
    queues: JobQueues,
    directory: TenantDirectory,
    log: Logger,
  ): LifeDeps => ({ central, config, keys, provisioner, queues, directory, log, clock: systemClock }),
};

/** What an operator does to tenants as a whole. It has no routes: the commands call its verbs. */
@Module({ providers: [life], exports: [TENANT_LIFE] })
export class TenantLifeModule implements OnModuleInit {
  constructor(
    @Inject(TENANT_LIFE) private readonly deps: LifeDeps,
    private readonly tasks: PlatformTasks,
  ) {}

  onModuleInit(): void {
    this.tasks.register('purge tenants', async () => {
      await purgeDueTenants(this.deps);
    });
  }
}
