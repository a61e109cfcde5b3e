import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';

import type { NovaApplication } from '../configure-http.js';
import { buildDocument, type DocumentOptions } from './build-document.js';

@Module({})
class DocsModule {}

/** An app that has the documentation of another and nothing else. It listens nowhere: requests are handed to it. */
export async function openDocs(app: NovaApplication, options: DocumentOptions): Promise<FastifyInstance> {
  const adapter = new FastifyAdapter({ routerOptions: { ignoreTrailingSlash: true } });
  const docs = await NestFactory.create<NovaApplication>(DocsModule, adapter, {
    logger: false,
    abortOnError: false,
  });
  let document: OpenAPIObject | undefined;
  SwaggerModule.setup('api/docs', docs, () => (document ??= buildDocument(app, options)), {
    jsonDocumentUrl: 'api/openapi.json',
    yamlDocumentUrl: 'api/openapi.yaml',
    customSiteTitle: 'NovaBilling API',
    swaggerOptions: {
      persistAuthorization: true,
      displayOperationId: true,
      docExpansion: 'none',
      tagsSorter: 'alpha',
    },
  });
  await docs.init();
  return adapter.getInstance<FastifyInstance>();
}
