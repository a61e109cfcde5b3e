import { Command } from 'commander';

import { register as clock } from './commands/clock.js';
import { register as dev } from './commands/dev.js';
import { register as doctor } from './commands/doctor.js';
import { register as health } from './commands/health.js';
import { register as keys } from './commands/keys.js';
import { register as mailCatcher } from './commands/mail-catcher.js';
import { register as migrate } from './commands/migrate.js';
import { register as platform } from './commands/platform.js';
import { register as probe } from './commands/probe.js';
import { register as seed } from './commands/seed.js';
import { register as servers } from './commands/servers.js';
import { register as tenants } from './commands/tenants.js';
import { register as token } from './commands/token.js';
import { EXIT_CODE_HELP } from './output/exit-codes.js';

/**
 * The `nova` program. Every command is a file that adds itself, and loads what it works with only when it runs, so
 * that help is there at once.
 */
export function buildProgram(): Command {
  const program = new Command('nova')
    .description('NovaBilling: run it, look after it.')
    .showHelpAfterError('(nova --help shows what there is)')
    .exitOverride()
    .addHelpText('after', EXIT_CODE_HELP);
  for (const register of [
    dev,
    doctor,
    health,
    tenants,
    platform,
    servers,
    migrate,
    keys,
    seed,
    token,
    clock,
    mailCatcher,
    probe,
  ])
    register(program);
  return program;
}
