// `npm run start:dev`: the platform, started again whenever a source changes. The compiler watches the sources, and
// this script watches what the compiler writes.
import { spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import path from 'node:path';

import { startFakes } from './fakes.mjs';
import { root } from './run-command.mjs';
import { ensureReady } from './setup.mjs';
import { explain, say } from './steps.mjs';

const QUIET_MS = 400;
const PROJECTS = ['api', 'cli', 'core', 'worker'].map((name) => `apps/${name}`);

try {
  await ensureReady({ quietWhenFresh: true });
  await begin();
} catch (error) {
  explain(error);
  process.exitCode = 1;
}

async function begin() {
  const envFile = path.join(root, '.env');
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  await startFakes();
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const compiler = node([tsc, '-b', '--watch', '--preserveWatchOutput', ...PROJECTS]);
  let platform = startPlatform();
  let stopping = false;
  let timer;

  for (const project of PROJECTS) {
    watch(path.join(root, project, 'dist'), { recursive: true }, (_event, file) => {
      if (!file?.endsWith('.js')) return;
      clearTimeout(timer);
      timer = setTimeout(restart, QUIET_MS);
    });
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop(signal));

  /** The old one lets go of the data folder before the new one takes it. */
  function restart() {
    if (stopping) return;
    say('\nSources have changed: starting again');
    const next = () => {
      if (!stopping) platform = startPlatform();
    };
    if (platform.exitCode !== null || platform.signalCode !== null) next();
    else platform.once('exit', next).kill('SIGTERM');
  }

  function stop(signal) {
    stopping = true;
    clearTimeout(timer);
    compiler.kill();
    if (platform.exitCode !== null) process.exit();
    platform.once('exit', () => process.exit()).kill(signal);
  }
}

function startPlatform() {
  return node([path.join(root, 'apps/cli/dist/main.js'), 'dev', ...process.argv.slice(2)]);
}

function node(args) {
  return spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
}
