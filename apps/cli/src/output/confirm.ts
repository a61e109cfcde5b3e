import { createInterface } from 'node:readline/promises';

import { CommandError } from './command-error.js';
import { EXIT_CODES } from './exit-codes.js';

/**
 * Makes sure that somebody means it. At a terminal he is asked; elsewhere, and with `--json`, only `--yes` will do.
 * @throws CommandError when he does not
 */
export async function confirm(what: string, options: { yes?: boolean; json?: boolean }): Promise<void> {
  if (options.yes) return;
  if (options.json || !process.stdin.isTTY || !process.stderr.isTTY) {
    throw new CommandError(`${what} Say --yes if that is what you want.`, EXIT_CODES.usage);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${what} Go on? (yes/no) `);
    if (answer.trim().toLowerCase() === 'yes') return;
  } finally {
    terminal.close();
  }
  throw new CommandError('Nothing was done.', EXIT_CODES.precondition);
}
