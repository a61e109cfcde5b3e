import { TENANT_LIFE, type LifeDeps } from '@nova/core/features/tenant-life/life-deps.js';
import { moveTenant } from '@nova/core/features/moves/move-tenant.js';
import { operatorCaller } from '@nova/core/features/audit/operator-caller.js';
import type { DatabaseMove } from '@nova/prisma-central';

import { coreProgram } from './core-program.js';
import { eventually } from './eventually.js';
import { killedAtStatement } from './killed-process.js';
import { commandEnvironment } from './nova-command.js';
import type { Nova } from './nova.js';

const IMPORTS = ["import { moveTenant } from '@nova/core/features/moves/move-tenant.js';"];

/** Moves that are killed at one of their statements, and run again. */
export class MoveCrashes {
  constructor(private readonly nova: Nova) {}

  get deps(): LifeDeps {
    return this.nova.app.get<LifeDeps>(TENANT_LIFE, { strict: false });
  }

  /** Answers whether the process was killed before the move was done. */
  kill(tenantId: string, to: string, statement: number): Promise<boolean> {
    const options = JSON.stringify({ to, modes: ['test', 'live'] });
    const call = `moveTenant(deps, operatorCaller('${tenantId}'), ${options}, () => undefined)`;
    return killedAtStatement(statement, coreProgram(IMPORTS, call), commandEnvironment(this.nova));
  }

  /** Runs the same again, as soon as the server has noticed that the process is gone. */
  finish(tenantId: string, to: string): Promise<DatabaseMove[]> {
    const options = { to, modes: ['test', 'live'] };
    const again = () => moveTenant(this.deps, operatorCaller(tenantId), options, () => undefined);
    return eventually(again, { withinMs: 20_000 });
  }
}
