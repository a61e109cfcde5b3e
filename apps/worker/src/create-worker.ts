import 'reflect-metadata';

import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Config } from '@nova/core/platform/config/config.schema.js';
import { LOGGER } from '@nova/core/platform/log/log.module.js';
import { NestLogger } from '@nova/core/platform/log/nest-logger.js';

import { WorkerModule } from './worker.module.js';

/** Starts the worker: it works on the queues until the context is closed. Fails when a part it needs is away. */
export async function createWorker(config: Config): Promise<INestApplicationContext> {
  const app = await NestFactory.createApplicationContext(WorkerModule.forRoot(config), {
    abortOnError: false,
    bufferLogs: true,
  });
  app.useLogger(new NestLogger(app.get(LOGGER)));
  return app;
}
