import { Command } from 'commander';

import { register as dev } from './commands/dev.js';

/**
 * The `nova` program. Every command is a file that adds itself, and loads what it works with only when it runs, so
 * that help is there at once.
 */
export function buildProgram(): Command {
  const program = new Command('nova')
    .description('NovaBilling: run it, look after it.')
    .showHelpAfterError('(nova --help shows what there is)');
  for (const register of [dev]) register(program);
  return program;
}
