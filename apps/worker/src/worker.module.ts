import { type DynamicModule, Module } from '@nestjs/common';
import { FeaturesModule } from '@nova/core/features/features.module.js';
import { ConfigModule } from '@nova/core/platform/config/config.module.js';
import type { Config } from '@nova/core/platform/config/config.schema.js';
import { LogModule } from '@nova/core/platform/log/log.module.js';
import { ProcessorsModule } from '@nova/core/tenancy/jobs/processors.module.js';
import { TenancyModule } from '@nova/core/tenancy/tenancy.module.js';
import type { Logger } from 'pino';

/** All features with the queues' processors and without HTTP. */
@Module({})
export class WorkerModule {
  static forRoot(config: Config, log: Logger): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        ConfigModule.forRoot(config),
        LogModule.forRoot(log),
        TenancyModule,
        FeaturesModule,
        ProcessorsModule,
      ],
    };
  }
}
