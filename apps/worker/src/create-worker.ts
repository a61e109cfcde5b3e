import 'reflect-metadata';

import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Config } from '@nova/core/platform/config/config.schema.js';
import { createLogger } from '@nova/core/platform/log/create-logger.js';
import { NestLogger } from '@nova/core/platform/log/nest-logger.js';

import { WorkerModule } from './worker.module.js';

/** Starts the worker: it works on the queues until the context is closed. Fails when a part it needs is away. */
export async function createWorker(config: Config): Promise<INestApplicationContext> {
  const log = createLogger(config);
  return NestFactory.createApplicationContext(WorkerModule.forRoot(config, log), {
    logger: new NestLogger(log),
    abortOnError: false,
  });
}
