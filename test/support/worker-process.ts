import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

import type { Config } from '@nova/core/platform/config/config.schema.js';

import { REPOSITORY } from './source-files.js';

/** A worker as production runs it: a process of its own, from the built files. */
export interface WorkerProcess {
  pid: number;
  output(): string;
  exited(): boolean;
  /** SIGKILL, as a crash is: nothing is tidied up. */
  kill(): Promise<void>;
}

/** Starts `npm run worker`'s program on the databases of `config`. */
export function spawnWorker(config: Config): WorkerProcess {
  const child = spawn(process.execPath, [path.join(REPOSITORY, 'apps/worker/dist/main.js')], {
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      LOG_LEVEL: 'warn',
      CENTRAL_DATABASE_URL: config.centralDatabaseUrl,
      INTERNAL_POSTGRES_URL: config.internalPostgresUrl,
      ...(config.queue.backend === 'redis' ? { REDIS_URL: config.queue.url } : {}),
      JWT_SECRET: config.jwtSecret,
      ENCRYPTION_KEY: config.encryptionKey.toString('hex'),
      SMTP_URL: config.mail.smtpUrl ?? '',
      SCHEDULER_TICK_MS: '100',
      PAYSTACK_URL: config.providerUrls.paystack,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit');
  return {
    pid: child.pid ?? 0,
    output: () => output,
    exited: () => child.exitCode !== null || child.signalCode !== null,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
