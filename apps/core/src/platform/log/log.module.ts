import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { Logger } from 'pino';

import { CONFIG } from '../config/config.module.js';
import { createLogger } from './create-logger.js';

/** Injection token of the process's logger: `@Inject(LOGGER) log: Logger` (pino's). */
export const LOGGER = Symbol('LOGGER');

@Global()
@Module({
  providers: [{ provide: LOGGER, useFactory: createLogger, inject: [CONFIG] }],
  exports: [LOGGER],
})
export class LogModule {
  /** With the logger that the entry point has made already, in place of one of its own. */
  static forRoot(log: Logger): DynamicModule {
    return {
      module: LogModule,
      global: true,
      providers: [{ provide: LOGGER, useValue: log }],
      exports: [LOGGER],
    };
  }
}
