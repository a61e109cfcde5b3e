import 'reflect-metadata';

import { NestFactory } from '@nestjs/core';
import type { Config } from '@nova/core/platform/config/config.schema.js';
import { configureHttp, type NovaApplication } from '@nova/core/platform/http/configure-http.js';
import { createAdapter } from '@nova/core/platform/http/create-adapter.js';
import { serveDocs } from '@nova/core/platform/http/openapi/serve-docs.js';
import { createLogger } from '@nova/core/platform/log/create-logger.js';
import { NestLogger } from '@nova/core/platform/log/nest-logger.js';

import { ApiModule, type Processors } from './api.module.js';
import { DOCUMENT_OPTIONS } from './document-options.js';

/** Makes the app; it listens when it is told to. Fails when a part it needs is away. */
export async function createApi(
  config: Config,
  options: { processors?: Processors } = {},
): Promise<NovaApplication> {
  const log = createLogger(config);
  const module = ApiModule.forRoot({ config, log, processors: options.processors ?? 'none' });
  const app = await NestFactory.create<NovaApplication>(module, createAdapter(config, log), {
    logger: new NestLogger(log),
    // Bodies are read by a parser of our own, which is stricter.
    bodyParser: false,
    abortOnError: false,
  });
  await configureHttp(app);
  serveDocs(app, DOCUMENT_OPTIONS);
  return app;
}
