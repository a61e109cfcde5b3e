import type { INestApplicationContext } from '@nestjs/common';
import type { Command } from 'commander';

import { noSuchTenant, tenantNamed } from '../environment/tenant-named.js';
import { withCore } from '../environment/with-core.js';
import { CommandError } from '../output/command-error.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { type OutputOptions, printResult } from '../output/print-result.js';

const DAY_MS = 86_400_000;

interface AdvanceOptions extends OutputOptions {
  tenant: string;
  to?: string;
  days?: string;
}

/** `nova clock advance`: moves a tenant's test clock, as the API's route does. */
export function register(program: Command): void {
  program
    .command('clock')
    .description('Test clocks')
    .command('advance')
    .description('Move a tenant’s test clock forward and do everything that comes due on the way')
    .requiredOption('--tenant <tenant>', 'id or slug')
    .option('--to <moment>', 'ISO 8601, such as 2027-01-31T00:00:00Z')
    .option('--days <n>', 'so many days on from where the clock is')
    .option('--json', 'print one JSON document')
    .action(async (options: AdvanceOptions) => {
      const result = await advance(options);
      printResult(result, options, ({ outcome, now }) =>
        outcome === 'arrived' ? `It is ${now} on the test clock.` : `The clock is on its way; it is ${now}.`,
      );
    });
}

async function advance(options: AdvanceOptions): Promise<{ tenantId: string; outcome: string; now: string }> {
  const targetFrom = readTarget(options);
  const { TestClockMover } = await import('@nova/core/features/test-mode/test-mode.jobs.js');
  const { operatorCaller } = await import('@nova/core/features/audit/operator-caller.js');
  const { TenantContexts } = await import('@nova/core/tenancy/context/tenant-contexts.js');
  return withCore(process.env, async (app) => {
    const tenantId = await tenantIdOf(app, options.tenant);
    const place = {
      tenantId,
      mode: 'test',
      actor: { type: 'operator', id: operatorCaller(tenantId).actor.id },
      requestId: null,
    } as const;
    const contexts = app.get(TenantContexts, { strict: false });
    const mover = app.get(TestClockMover, { strict: false });
    const outcome = await contexts.run(place, (ctx) => mover.advance(ctx, targetFrom(ctx.clock.now())));
    const now = await contexts.run(place, async (ctx) => ctx.clock.now().toISOString());
    return { tenantId, outcome, now };
  });
}

/** Where the clock is to be moved, given where it is. Wrong usage is told before anything is loaded. */
function readTarget({ to, days }: AdvanceOptions): (now: Date) => Date {
  if ((to === undefined) === (days === undefined)) {
    throw new CommandError('Say where to with either --to or --days.', EXIT_CODES.usage);
  }
  const target = to === undefined ? null : new Date(to);
  const forward = days === undefined ? 0 : Number(days) * DAY_MS;
  if (Number.isNaN(target?.getTime()) || Number.isNaN(forward)) {
    throw new CommandError('That is no moment in time.', EXIT_CODES.usage);
  }
  return (now) => target ?? new Date(now.getTime() + forward);
}

async function tenantIdOf(app: INestApplicationContext, idOrSlug: string): Promise<string> {
  const { CentralDatabase } = await import('@nova/core/tenancy/central/central-database.js');
  const { db } = app.get(CentralDatabase, { strict: false });
  const tenant = await db.tenant.findFirst({
    where: tenantNamed(idOrSlug),
    select: { id: true },
  });
  if (!tenant) throw noSuchTenant(idOrSlug);
  return tenant.id;
}
