import type { Command } from 'commander';

import { EXIT_CODES } from '../output/exit-codes.js';

const LIMIT_MS = 4_000;

/** `nova probe`: what a container's health check runs; the image has no curl. */
export function register(program: Command): void {
  program
    .command('probe <url>')
    .description('Exit with 0 when the URL answers with a 2xx status, else with 1')
    .action(async (url: string) => {
      const answer = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) }).catch(() => null);
      if (!answer?.ok) process.exitCode = EXIT_CODES.failed;
    });
}
