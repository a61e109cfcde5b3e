import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { REPOSITORY } from './source-files.js';

/**
 * Runs a program that works on the platform of `env`, and ends it with SIGKILL as it is about to send its `statement`th
 * statement to PostgreSQL. Answers whether that was before its end. The program sees the built files of core.
 */
export async function killedAtStatement(
  statement: number,
  program: string,
  env: Record<string, string>,
): Promise<boolean> {
  const preamble = `
    import 'reflect-metadata';
    import pg from 'pg';
    const query = pg.Client.prototype.query;
    let sent = 0;
    pg.Client.prototype.query = function (...args) {
      if (++sent === ${statement}) process.kill(process.pid, 'SIGKILL');
      return query.apply(this, args);
    };`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', `${preamble}\n${program}`], {
    // Where imports of a program given on the command line are looked up from.
    cwd: path.join(REPOSITORY, 'apps/core'),
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`The program ended with ${code ?? signal}.`);
  return signal === 'SIGKILL';
}
