import { type Command, Option } from 'commander';

import { withTenant } from '../../environment/with-tenant.js';
import { CommandError } from '../../output/command-error.js';
import { confirm } from '../../output/confirm.js';
import { EXIT_CODES } from '../../output/exit-codes.js';
import { type OutputOptions, printResult, table } from '../../output/print-result.js';
import { tellStep } from '../../output/print-status.js';

interface MoveCommandOptions extends OutputOptions {
  to?: string;
  mode?: 'test' | 'live';
  confirm?: boolean;
  revert?: boolean;
  cancel?: boolean;
  yes?: boolean;
}

type Moves = Awaited<ReturnType<typeof run>>;

/** `nova tenants move`. */
export function register(tenants: Command): void {
  tenants
    .command('move <tenant>')
    .description('Move a tenant’s databases to another server, and then confirm or revert that')
    .option('--to <server>', 'copy, compare every table and switch; the old copy is kept')
    .addOption(new Option('--mode <mode>', 'only this database; both when absent').choices(['test', 'live']))
    .option('--confirm', 'drop the old copy')
    .option('--revert', 'go back to the old copy, if nothing was written since')
    .option('--cancel', 'give up a move that was cut off while copying')
    .option('--yes', 'do not ask')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nThe tenant’s API answers 503 with Retry-After meanwhile, and its jobs wait. After a crash run the same command again.',
    )
    .action(async (tenant: string, options: MoveCommandOptions) => {
      const { to, confirm: confirms, revert, cancel } = options;
      if ([to, confirms, revert, cancel].filter((chosen) => chosen !== undefined).length !== 1) {
        throw new CommandError('Say one of --to, --confirm, --revert and --cancel.', EXIT_CODES.usage);
      }
      if (confirms) await confirm(`The old copy of ${tenant} will be dropped for good.`, options);
      printResult(await run(tenant, options), options, describe);
    });
}

async function run(tenant: string, { to, mode, confirm: confirms, revert }: MoveCommandOptions) {
  const { moveTenant } = await import('@nova/core/features/moves/move-tenant.js');
  const { cancelMove, confirmMove, revertMove } = await import('@nova/core/features/moves/end-move.js');
  const moves = await withTenant(tenant, (deps, caller) => {
    if (to !== undefined) {
      return moveTenant(deps, caller, { to, modes: mode ? [mode] : ['test', 'live'] }, tellStep);
    }
    if (confirms) return confirmMove(deps, caller, tellStep);
    return revert ? revertMove(deps, caller, tellStep) : cancelMove(deps, caller, tellStep);
  });
  return moves.map(({ id, tenantDatabaseId, state, tables }) => ({
    move: id,
    database: tenantDatabaseId,
    state,
    tables: tables as { table: string; rows: number; checksum: string }[],
  }));
}

function describe(moves: Moves): string {
  if (moves.length === 0) return 'Its databases are there already.';
  return table(
    ['MOVE', 'DATABASE', 'STATE', 'TABLES', 'ROWS'],
    moves.map(({ move, database, state, tables }) => [
      move,
      database,
      state,
      String(tables.length),
      String(tables.reduce((sum, { rows }) => sum + rows, 0)),
    ]),
  );
}
