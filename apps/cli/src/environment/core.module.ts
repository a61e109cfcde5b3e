import { type DynamicModule, Module } from '@nestjs/common';
import { FeaturesModule } from '@nova/core/features/features.module.js';
import { ConfigModule } from '@nova/core/platform/config/config.module.js';
import type { Config } from '@nova/core/platform/config/config.schema.js';
import { LogModule } from '@nova/core/platform/log/log.module.js';
import { TenancyModule } from '@nova/core/tenancy/tenancy.module.js';
import type { Logger } from 'pino';

/** All features without HTTP and without processors: what a command works with. */
@Module({})
export class CoreModule {
  static forRoot(config: Config, log: Logger): DynamicModule {
    return {
      module: CoreModule,
      imports: [ConfigModule.forRoot(config), LogModule.forRoot(log), TenancyModule, FeaturesModule],
    };
  }
}
