import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { REPOSITORY } from './source-files.js';

/** What `ready.json` tells scripts. */
export interface Ready {
  url: string;
  docsUrl: string;
  mailUrl: string;
  fakesUrl: string;
  /** The page of an invoice that is still to be paid. */
  payUrl: string;
  demo: { email: string; password: string; tenantId: string; testKey: string; liveKey: string };
  operator: { email: string; password: string };
}

/** The platform as `npm start` runs it, in a process of its own. */
export interface StartedPlatform {
  pid: number;
  ready: Ready;
  output(): string;
  /** Ends it with a signal and waits for its exit code; null when the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export interface RunResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Variables of this test run would choose other servers than a newcomer has. */
function newcomersEnvironment(variables: Record<string, string>): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), ...variables };
}

/** Starts the program behind `npm start` and waits for its ready.json. */
export async function startPlatform(variables: Record<string, string>): Promise<StartedPlatform> {
  const child = spawn(process.execPath, [path.join(REPOSITORY, 'scripts/start.mjs')], {
    cwd: REPOSITORY,
    env: newcomersEnvironment(variables),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit') as Promise<[number | null]>;
  const file = path.join(variables['NOVA_DATA_DIR'] ?? '', 'ready.json');
  const deadline = performance.now() + 120_000;
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text !== '' && output.includes('is ready')) {
      return {
        pid: child.pid ?? 0,
        ready: JSON.parse(text) as Ready,
        output: () => output,
        end: async (signal) => {
          child.kill(signal);
          return (await exited)[0];
        },
      };
    }
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`It did not start:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Runs a program to its end. */
export async function run(
  command: string,
  args: readonly string[],
  { cwd = REPOSITORY, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<RunResult> {
  const child = spawn(command, args, {
    cwd,
    env: newcomersEnvironment(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** Runs `nova …` from the built files. */
export function nova(args: readonly string[], env: Record<string, string>): Promise<RunResult> {
  return run(process.execPath, [path.join(REPOSITORY, 'apps/cli/dist/main.js'), ...args], { env });
}
