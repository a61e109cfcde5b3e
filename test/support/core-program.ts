/**
 * A program for `killedAtStatement`: opens the features without HTTP and processors, and then does `call`, which may use
 * `deps` (of the verbs about a tenant's life) and `operatorCaller`. Its statements are counted from the moment at which
 * `call` begins. `imports` are lines of its own.
 */
export function coreProgram(imports: readonly string[], call: string): string {
  return `
  sent = -Infinity;
  import { Module } from '@nestjs/common';
  import { NestFactory } from '@nestjs/core';
  import { pino } from 'pino';
  import { ConfigModule } from '@nova/core/platform/config/config.module.js';
  import { loadConfig } from '@nova/core/platform/config/load-config.js';
  import { LogModule } from '@nova/core/platform/log/log.module.js';
  import { FeaturesModule } from '@nova/core/features/features.module.js';
  import { operatorCaller } from '@nova/core/features/audit/operator-caller.js';
  import { TENANT_LIFE } from '@nova/core/features/tenant-life/life-deps.js';
  import { TenancyModule } from '@nova/core/tenancy/tenancy.module.js';
  ${imports.join('\n  ')}
  class Root {}
  Module({})(Root);
  const config = loadConfig(process.env);
  const log = pino({ level: 'silent' });
  const modules = [ConfigModule.forRoot(config), LogModule.forRoot(log), TenancyModule, FeaturesModule];
  const app = await NestFactory.createApplicationContext({ module: Root, imports: modules }, { logger: false });
  const deps = app.get(TENANT_LIFE, { strict: false });
  sent = 0;
  await ${call};
  sent = -Infinity;
  await app.close();`;
}
