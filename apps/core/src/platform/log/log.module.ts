import { Global, Module } from '@nestjs/common';

import { CONFIG } from '../config/config.module.js';
import { createLogger } from './create-logger.js';

/** Injection token of the process's logger: `@Inject(LOGGER) log: Logger` (pino's). */
export const LOGGER = Symbol('LOGGER');

@Global()
@Module({
  providers: [{ provide: LOGGER, useFactory: createLogger, inject: [CONFIG] }],
  exports: [LOGGER],
})
export class LogModule {}
