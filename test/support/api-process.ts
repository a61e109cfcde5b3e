import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import { type Nova, testEnvironment } from './nova.js';
import { REPOSITORY } from './source-files.js';

/** An API as production runs it: a process of its own, from the built files. */
export interface ApiProcess {
  /** Where it listens. */
  url: string;
  output(): string;
  /** SIGKILL, as a crash is: nothing is tidied up. */
  kill(): Promise<void>;
}

/** Starts `npm run api`'s program beside the one of `nova`, and waits until it is ready. */
export async function spawnApi({
  config,
  databases,
}: Pick<Nova, 'config' | 'databases'>): Promise<ApiProcess> {
  const child = spawn(process.execPath, [path.join(REPOSITORY, 'apps/api/dist/main.js')], {
    env: {
      ...testEnvironment(databases, config.mail.smtpUrl ?? ''),
      PATH: process.env['PATH'],
      JWT_SECRET: config.jwtSecret,
      ENCRYPTION_KEY: config.encryptionKey.toString('hex'),
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit');
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  const deadline = performance.now() + 60_000;
  for (;;) {
    const url = /"url":"(http[^"]+)"[^\n]*The API is ready/.exec(output)?.[1];
    if (url) return { url: url.replace('[::1]', '127.0.0.1'), output: () => output, kill };
    if (child.exitCode !== null || performance.now() > deadline) {
      throw new Error(`The API did not start:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
