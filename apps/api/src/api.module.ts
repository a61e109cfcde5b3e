import { type DynamicModule, Module } from '@nestjs/common';
import { FeaturesModule } from '@nova/core/features/features.module.js';
import { ConfigModule } from '@nova/core/platform/config/config.module.js';
import type { Config } from '@nova/core/platform/config/config.schema.js';
import { LogModule } from '@nova/core/platform/log/log.module.js';
import { QueuesAtStartModule } from '@nova/core/platform/queues/queues-at-start.module.js';
import { ProcessorsModule } from '@nova/core/tenancy/jobs/processors.module.js';
import { TenancyModule } from '@nova/core/tenancy/tenancy.module.js';
import type { Logger } from 'pino';

/** Which queues this process works on: none, as the api alone, or all, as `npm start` has it. */
export type Processors = 'none' | 'all';

interface ApiParts {
  config: Config;
  log: Logger;
  processors: Processors;
}

/** All features behind HTTP. */
@Module({})
export class ApiModule {
  static forRoot({ config, log, processors }: ApiParts): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        ConfigModule.forRoot(config),
        LogModule.forRoot(log),
        TenancyModule,
        FeaturesModule,
        QueuesAtStartModule,
        ...(processors === 'all' ? [ProcessorsModule] : []),
      ],
    };
  }
}
