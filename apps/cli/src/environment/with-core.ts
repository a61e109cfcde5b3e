import 'reflect-metadata';

import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createLogger } from '@nova/core/platform/log/create-logger.js';
import { NestLogger } from '@nova/core/platform/log/nest-logger.js';
import { pino } from 'pino';

import { CoreModule } from './core.module.js';
import type { Variables } from './embedded-environment.js';
import { withPlatform } from './with-platform.js';

const STANDARD_ERROR = 2;

/** Runs a command's work with the features at hand. What is logged on the way goes to standard error, warnings only. */
export async function withCore<T>(
  env: Variables,
  work: (app: INestApplicationContext) => Promise<T>,
): Promise<T> {
  const quiet = { ...env, LOG_LEVEL: env['LOG_LEVEL'] || 'warn' };
  return withPlatform(quiet, async (config) => {
    const log = createLogger(config, pino.destination({ dest: STANDARD_ERROR, sync: true }));
    const app = await NestFactory.createApplicationContext(CoreModule.forRoot(config, log), {
      abortOnError: false,
      bufferLogs: true,
    });
    app.useLogger(new NestLogger(log));
    try {
      return await work(app);
    } finally {
      await app.close();
    }
  });
}
