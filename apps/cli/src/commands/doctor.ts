import type { Command } from 'commander';

import type { Finding } from '../doctor/finding.js';
import { EXIT_CODES } from '../output/exit-codes.js';
import { type OutputOptions, printResult } from '../output/print-result.js';

const MARKS = { ok: '✔', warning: '!', problem: '✖' } as const;

/** `nova doctor`: looks at everything that the platform needs from its surroundings. */
export function register(program: Command): void {
  program
    .command('doctor')
    .description(
      'Check Node, disk, configuration, PostgreSQL, queues and clocks, and say how to mend what is wrong',
    )
    .option('--json', 'print one JSON document')
    .action(async (options: OutputOptions) => {
      const { examine } = await import('../doctor/examine.js');
      const findings = await examine(process.env);
      printResult(findings, options, (list) => list.map(describe).join('\n'));
      if (findings.some(({ status }) => status === 'problem')) process.exitCode = EXIT_CODES.precondition;
    });
}

function describe({ status, subject, detail, remedy }: Finding): string {
  return `${MARKS[status]} ${subject.padEnd(22)} ${detail}${remedy ? `\n  → ${remedy}` : ''}`;
}
