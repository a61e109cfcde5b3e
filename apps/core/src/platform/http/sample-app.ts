import { Body, Controller, Get, Global, Module, Param, Post, Query } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { z } from 'zod';

import { ConfigModule } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';
import { loadConfig } from '../config/load-config.js';
import { HASH_KEY } from '../crypto/hash-key.js';
import { createLogger } from '../log/create-logger.js';
import { LogModule } from '../log/log.module.js';
import { configureHttp } from './configure-http.js';
import { createAdapter } from './create-adapter.js';
import { Endpoint } from './endpoint.decorator.js';
import { HttpModule } from './http.module.js';
import { listQuery, type PageQuery } from './pagination.js';

/** A small app without databases, for the tests of what HTTP does with every route. */

export const BODY_LIMIT_BYTES = 10_000;

const CreateThingSchema = z.strictObject({
  name: z.string().max(100),
  items: z.array(z.strictObject({ quantity: z.int().min(1) })).default([]),
  metadata: z.record(z.string(), z.string()).default({}),
});
const ThingSchema = z.object({ id: z.string(), name: z.string() });

@Controller('things')
class ThingsController {
  @Post()
  @Endpoint({
    summary: 'Create a thing',
    access: 'public',
    status: 201,
    returns: ThingSchema,
    example: { name: 'a' },
  })
  createThing(@Body({ schema: CreateThingSchema }) input: z.infer<typeof CreateThingSchema>) {
    return { id: '1', name: input.name, secret: 'never sent', version: 7 };
  }

  @Get()
  @Endpoint({ summary: 'List things', access: 'public', returns: z.object({ limit: z.int() }) })
  listThings(@Query({ schema: listQuery({}) }) query: PageQuery) {
    return { limit: query.limit };
  }

  @Get('lying')
  @Endpoint({ summary: 'Answer what the schema refuses', access: 'public', returns: ThingSchema })
  lie() {
    return { id: '1', password: 'leaked' };
  }

  @Get('failing/:how')
  @Endpoint({ summary: 'Fail', access: 'public', returns: null })
  fail(@Param('how') how: string): never {
    if (how === 'away') {
      throw Object.assign(new Error('connect'), { cause: Object.assign(new Error('x'), { code: '57P01' }) });
    }
    throw new Error('SELECT secret FROM vault');
  }

  @Get('slow')
  @Endpoint({ summary: 'Take a moment', access: 'public', returns: ThingSchema })
  async slow() {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { id: '1', name: 'slow' };
  }

  @Get(':id')
  @Endpoint({ summary: 'Get a thing', access: 'public', returns: ThingSchema })
  getThing(@Param('id', { schema: z.string().max(255) }) id: string) {
    return { id, name: 'thing' };
  }

  @Post(':id/act')
  @Endpoint({ summary: 'Act', access: 'public', returns: null })
  act(): void {}
}

/** Stands for tenancy, which gives the platform its hash key. */
@Global()
@Module({ providers: [{ provide: HASH_KEY, useValue: Buffer.alloc(32, 7) }], exports: [HASH_KEY] })
class SampleKeys {}

/** Boots the sample app on a free port. `lines` collects what it logs. */
export async function startSampleApp(environment: Record<string, string> = {}): Promise<{
  app: NestFastifyApplication;
  url: string;
  lines: string[];
}> {
  const config = sampleConfig(environment);
  const lines: string[] = [];
  const log = createLogger(
    { env: 'test', logLevel: 'info' },
    { write: (line: string) => void lines.push(line) },
  );

  @Module({
    imports: [ConfigModule.forRoot(config), LogModule.forRoot(log), SampleKeys, HttpModule],
    controllers: [ThingsController],
  })
  class SampleModule {}

  const app = await NestFactory.create<NestFastifyApplication>(SampleModule, createAdapter(config, log), {
    logger: false,
    bodyParser: false,
  });
  await configureHttp(app);
  await app.listen(0, '127.0.0.1');
  return { app, url: await app.getUrl(), lines };
}

function sampleConfig(environment: Record<string, string>): Config {
  return loadConfig({
    NODE_ENV: 'test',
    PUBLIC_URL: 'https://nova.example',
    CENTRAL_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    INTERNAL_POSTGRES_URL: 'postgres://nobody@127.0.0.1:1/none',
    JWT_SECRET: 'x'.repeat(32),
    ENCRYPTION_KEY: 'ab'.repeat(32),
    BODY_LIMIT_BYTES: String(BODY_LIMIT_BYTES),
    ...environment,
  });
}
