import { buildProgram } from '@nova/cli/program.js';
import { explainFailure } from '@nova/cli/output/explain-failure.js';
import { vi } from 'vitest';

import type { Nova } from './nova.js';

export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** The environment of a command that works on the databases of a platform under test. */
export function commandEnvironment({ config }: Pick<Nova, 'config'>): Record<string, string> {
  return {
    NODE_ENV: 'test',
    CENTRAL_DATABASE_URL: config.centralDatabaseUrl,
    INTERNAL_POSTGRES_URL: config.internalPostgresUrl,
    ...(config.queue.backend === 'redis' ? { REDIS_URL: config.queue.url } : {}),
    JWT_SECRET: config.jwtSecret,
    ENCRYPTION_KEY: config.encryptionKey.toString('hex'),
    NOVA_DATA_DIR: config.dataDir,
    BCRYPT_COST: '4',
    PLATFORM_BILLING: config.platformBilling,
  };
}

/** Runs `nova …` in this process, from the sources, and answers what it printed and how it would have ended. */
export async function runCommand(nova: Pick<Nova, 'config'>, ...args: string[]): Promise<CommandResult> {
  for (const [name, value] of Object.entries(commandEnvironment(nova))) vi.stubEnv(name, value);
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      printed[stream] += String(text);
      return true;
    }),
  );
  let code = 0;
  try {
    await buildProgram().parseAsync(['node', 'nova', ...args]);
  } catch (error) {
    code = explainFailure(error);
  } finally {
    for (const spy of spies) spy.mockRestore();
    vi.unstubAllEnvs();
  }
  return { code, ...printed };
}
