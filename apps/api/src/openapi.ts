import 'reflect-metadata';

import { NestFactory } from '@nestjs/core';
import { loadConfig } from '@nova/core/platform/config/load-config.js';
import { type NovaApplication, prefixRoutes } from '@nova/core/platform/http/configure-http.js';
import { createAdapter } from '@nova/core/platform/http/create-adapter.js';
import { buildDocument } from '@nova/core/platform/http/openapi/build-document.js';
import { createLogger } from '@nova/core/platform/log/create-logger.js';

import { ApiModule } from './api.module.js';
import { DOCUMENT_OPTIONS } from './document-options.js';

/** Nothing is reached with these: in preview mode Nest reads the modules and makes no provider. */
const NOWHERE = {
  NODE_ENV: 'test',
  LOG_LEVEL: 'silent',
  CENTRAL_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nowhere',
  INTERNAL_POSTGRES_URL: 'postgres://nobody@127.0.0.1:1/nowhere',
  JWT_SECRET: 'not-a-secret-for-the-document-only',
  ENCRYPTION_KEY: 'ab'.repeat(32),
};

/** The OpenAPI document, made without any database or queue. */
export async function openApiDocument(): Promise<object> {
  const config = loadConfig(NOWHERE);
  const log = createLogger(config);
  const app = await NestFactory.create<NovaApplication>(
    ApiModule.forRoot({ config, log, processors: 'none' }),
    createAdapter(config, log),
    { preview: true, logger: false, abortOnError: false },
  );
  prefixRoutes(app);
  return buildDocument(app, DOCUMENT_OPTIONS);
}
