import { readReadyNote } from '@nova/core/platform/embedded/data-folder.js';
import type { Command } from 'commander';

import { dataDirOf } from '../environment/variables.js';
import { CommandError } from '../output/command-error.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { fields, type OutputOptions, printResult } from '../output/print-result.js';

interface SeedCommandOptions extends OutputOptions {
  url?: string;
}

/** `nova seed demo`: the demo tenant, over the API of a platform that is running. */
export function register(program: Command): void {
  program
    .command('seed')
    .description('Fill a running platform')
    .command('demo')
    .description(
      'Make the demo tenant with a paid subscription and an invoice to be paid; what is there is left alone',
    )
    .option('--url <url>', 'where the platform answers; the one that `npm start` runs when absent')
    .option('--json', 'print one JSON document')
    .action(async (options: SeedCommandOptions) => {
      const { seedDemo } = await import('../seed/seed-demo.js');
      const dataDir = dataDirOf(process.env);
      const url = options.url ?? (await urlOfRunning(dataDir));
      const { demo, payUrl } = await seedDemo({ url, dataDir, fakes: [] });
      printResult({ ...demo, payUrl }, options, fields);
    });
}

async function urlOfRunning(dataDir: string): Promise<string> {
  const note = await readReadyNote(dataDir);
  if (note) return note.url;
  throw new CommandError(
    `No platform runs on ${dataDir}. Run npm start first, or name one with --url.`,
    EXIT_CODES.precondition,
  );
}
