// Runs an entry point once everything is ready: `node scripts/run.mjs cli|api|worker [arguments]`.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { isMain, root } from './run-command.mjs';
import { ensureReady } from './setup.mjs';
import { explain, say } from './steps.mjs';

const ENTRIES = ['api', 'cli', 'worker'];

/**
 * Runs the entry point in this very process, so that signals reach it and no second Node takes memory.
 * @param {{ before?: () => Promise<void> }} [options] `before` is done when all is ready and the environment is read
 */
export async function runEntry(entry, args, { before } = {}) {
  try {
    await ensureReady({ quietWhenFresh: true });
  } catch (error) {
    explain(error);
    process.exitCode = 1;
    return;
  }
  const envFile = path.join(root, '.env');
  if (existsSync(envFile)) process.loadEnvFile(envFile);
  await before?.();
  const main = path.join(root, `apps/${entry}/dist/main.js`);
  process.argv = [process.execPath, main, ...args];
  await import(pathToFileURL(main).href);
}

if (isMain(import.meta.url)) {
  const [entry = '', ...args] = process.argv.slice(2);
  if (ENTRIES.includes(entry)) await runEntry(entry, args);
  else {
    say(`usage: node scripts/run.mjs ${ENTRIES.join('|')} [arguments]`);
    process.exitCode = 2;
  }
}
