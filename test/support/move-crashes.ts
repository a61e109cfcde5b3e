import { TENANT_LIFE, type LifeDeps } from '@nova/core/features/tenant-life/life-deps.js';
import { moveTenant } from '@nova/core/features/moves/move-tenant.js';
import { operatorCaller } from '@nova/core/features/audit/operator-caller.js';
import type { DatabaseMove } from '@nova/prisma-central';

import { eventually } from './eventually.js';
import { killedAtStatement } from './killed-process.js';
import { commandEnvironment } from './nova-command.js';
import type { Nova } from './nova.js';

const PROGRAM = (tenantId: string, to: string) => `
  sent = -Infinity;
  import { Module } from '@nestjs/common';
  import { NestFactory } from '@nestjs/core';
  import { pino } from 'pino';
  import { ConfigModule } from '@nova/core/platform/config/config.module.js';
  import { loadConfig } from '@nova/core/platform/config/load-config.js';
  import { LogModule } from '@nova/core/platform/log/log.module.js';
  import { FeaturesModule } from '@nova/core/features/features.module.js';
  import { operatorCaller } from '@nova/core/features/audit/operator-caller.js';
  import { moveTenant } from '@nova/core/features/moves/move-tenant.js';
  import { TENANT_LIFE } from '@nova/core/features/tenant-life/life-deps.js';
  import { TenancyModule } from '@nova/core/tenancy/tenancy.module.js';
  class Root {}
  Module({})(Root);
  const config = loadConfig(process.env);
  const log = pino({ level: 'silent' });
  const imports = [ConfigModule.forRoot(config), LogModule.forRoot(log), TenancyModule, FeaturesModule];
  const app = await NestFactory.createApplicationContext({ module: Root, imports }, { logger: false });
  const deps = app.get(TENANT_LIFE, { strict: false });
  const options = { to: ${JSON.stringify(to)}, modes: ['test', 'live'] };
  sent = 0;
  await moveTenant(deps, operatorCaller('${tenantId}'), options, () => undefined);
  sent = -Infinity;
  await app.close();`;

/** Moves that are killed at one of their statements, and run again. */
export class MoveCrashes {
  constructor(private readonly nova: Nova) {}

  get deps(): LifeDeps {
    return this.nova.app.get<LifeDeps>(TENANT_LIFE, { strict: false });
  }

  /** Answers whether the process was killed before the move was done. */
  kill(tenantId: string, to: string, statement: number): Promise<boolean> {
    return killedAtStatement(statement, PROGRAM(tenantId, to), commandEnvironment(this.nova));
  }

  /** Runs the same again, as soon as the server has noticed that the process is gone. */
  finish(tenantId: string, to: string): Promise<DatabaseMove[]> {
    const options = { to, modes: ['test', 'live'] };
    const again = () => moveTenant(this.deps, operatorCaller(tenantId), options, () => undefined);
    return eventually(again, { withinMs: 20_000 });
  }
}
