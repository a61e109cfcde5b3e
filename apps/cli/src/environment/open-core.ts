import 'reflect-metadata';

import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Config } from '@nova/core/platform/config/config.schema.js';
import { createLogger } from '@nova/core/platform/log/create-logger.js';
import { NestLogger } from '@nova/core/platform/log/nest-logger.js';
import { pino } from 'pino';

import { CoreModule } from './core.module.js';

const STANDARD_ERROR = 2;

/** Starts the features without HTTP and processors. What is logged on the way goes to standard error. */
export async function openCore(config: Config): Promise<INestApplicationContext> {
  const log = createLogger(config, pino.destination({ dest: STANDARD_ERROR, sync: true }));
  const app = await NestFactory.createApplicationContext(CoreModule.forRoot(config, log), {
    abortOnError: false,
    bufferLogs: true,
  });
  app.useLogger(new NestLogger(log));
  return app;
}
