import { ConfigError } from '@nova/core/platform/config/load-config.js';
import { StartupError } from '@nova/core/platform/embedded/startup-error.js';
import { ProblemError } from '@nova/core/platform/errors/define-error.js';
import { KeyRingError } from '@nova/core/tenancy/keys/key-ring-error.js';
import { MigrationError, UnknownNameError } from '@nova/core/tenancy/migrator/migration-error.js';
import { CommanderError } from 'commander';

import { CommandError } from './command-error.js';
import { EXIT_CODES, exitCodeOfStatus } from './exit-codes.js';
import { styled } from './terminal.js';

/** Says on standard error why a command failed, with the remedy where there is one, and returns its exit code. */
export function explainFailure(error: unknown): number {
  const err = process.stderr;
  // Commander has said what is wrong already; help that was asked for is no failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT_CODES.ok : EXIT_CODES.usage;
  if (error instanceof CommandError) {
    err.write(`${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof ProblemError) {
    err.write(`${error.message} (${error.definition.code})\n`);
    return exitCodeOfStatus(error.definition.status);
  }
  if (error instanceof MigrationError || error instanceof KeyRingError) {
    err.write(`${error.message}\n`);
    return error instanceof UnknownNameError ? EXIT_CODES.notFound : EXIT_CODES.precondition;
  }
  if (error instanceof StartupError) {
    err.write(
      `\n${styled(err, 'red', error.message)}\n${styled(err, 'bold', 'What to do:')} ${error.remedy}\n`,
    );
  } else if (error instanceof ConfigError) {
    err.write(
      `\n${styled(err, 'red', error.message)}\n${styled(err, 'bold', 'What to do:')} set them in the environment or in .env; .env.example explains each.\n`,
    );
  } else {
    err.write(`\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
  return EXIT_CODES.failed;
}
