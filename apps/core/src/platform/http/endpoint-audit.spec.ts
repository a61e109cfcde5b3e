import { Controller, Get, Module } from '@nestjs/common';
import { DiscoveryModule, NestFactory } from '@nestjs/core';
import { describe, expect, it } from 'vitest';

import { EndpointAudit } from './endpoint-audit.js';
import { Endpoint } from './endpoint.decorator.js';

@Controller('a')
class GuardedController {
  @Get()
  @Endpoint({ summary: 'Read', access: 'customers:read', returns: null })
  read(): void {}

  helper(): void {}
}

@Controller('b')
class BareController {
  @Get()
  forgotten(): void {}
}

@Module({ imports: [DiscoveryModule], controllers: [GuardedController], providers: [EndpointAudit] })
class GuardedModule {}

@Module({ imports: [GuardedModule], controllers: [BareController] })
class BareModule {}

const start = async (module: object) =>
  (await NestFactory.createApplicationContext(module, { logger: false, abortOnError: false })).close();

describe('start-up', () => {
  it('passes when every route says who may call it', async () => {
    await expect(start(GuardedModule)).resolves.toBeUndefined();
  });

  it('fails on a route that does not, and names it', async () => {
    await expect(start(BareModule)).rejects.toThrow('BareController.forgotten');
  });
});
