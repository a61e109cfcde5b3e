// Makes a clone ready to run: installs, generates the Prisma clients, builds. It depends on nothing but Node, and does
// only what is needed: a second call takes a moment. `node scripts/setup.mjs [--generate]`
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import {
  buildFingerprint,
  installIsCurrent,
  readStamp,
  schemaFingerprint,
  writeStamp,
} from './freshness.mjs';
import { capture, isMain, root } from './run-command.mjs';
import { explain, say, step, StepError } from './steps.mjs';

const SCHEMAS = ['prisma-central', 'prisma-tenant'];
/** What is built, and a file that shows that it was. Images have no tests, and so no fakes. */
const PROJECTS = [
  ['apps/api', 'main.js'],
  ['apps/worker', 'main.js'],
  ['apps/cli', 'main.js'],
  ['test/fakes', 'start-all-fakes.js'],
].filter(([project]) => existsSync(path.join(root, project)));

/**
 * Makes the clone ready.
 * @param {{ quietWhenFresh?: boolean }} [options] say nothing when there was nothing to do
 */
export async function ensureReady({ quietWhenFresh = false } = {}) {
  requireNode();
  const did = [await install(), await generate(), await build()];
  if (!did.includes(true) && !quietWhenFresh) say('Everything is installed, generated and built.');
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new StepError(
    `Node ${process.versions.node} is too old for NovaBilling.`,
    'install Node 20.19 or newer (22 or 24 recommended) from https://nodejs.org and run the command again.',
  );
}

async function install() {
  if (installIsCurrent()) return false;
  const locked = existsSync(path.join(root, 'package-lock.json'));
  await step(`Installing dependencies (npm ${locked ? 'ci' : 'install'})`, async () => {
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const args = [locked ? 'ci' : 'install', '--no-audit', '--no-fund', '--loglevel=error', '--include=dev'];
    const { code, output } = await capture(npm, args);
    if (code === 0) return;
    throw new StepError('npm could not install the dependencies.', installRemedy(output), output);
  });
  return true;
}

function installRemedy(output) {
  if (/ENOSPC/.test(output))
    return 'the disk is full: about 1 GB is needed. Make room and run the command again.';
  if (/EACCES|EPERM/.test(output))
    return `let ${root} and its node_modules belong to you, then run the command again.`;
  if (/EUSAGE/.test(output))
    return 'package.json and package-lock.json disagree: run `npm install` once and look at the change.';
  return 'the first start needs the npm registry: check the network or `npm config get registry`, then run the command again.';
}

/** Generates the Prisma clients whose schema has changed. */
export async function generate({ always = false } = {}) {
  const stale = SCHEMAS.filter((name) => {
    const stamped = readStamp(name) === schemaFingerprint(name);
    return always || !stamped || !existsSync(path.join(root, name, 'generated/client.ts'));
  });
  if (stale.length === 0) return false;
  await step(`Generating the Prisma clients (${stale.length})`, () => Promise.all(stale.map(generateOne)));
  return true;
}

async function generateOne(name) {
  const fingerprint = schemaFingerprint(name);
  const cli = path.join(root, 'node_modules/prisma/build/index.js');
  // Generating is WebAssembly. Naming some existing file as the engine keeps Prisma from downloading one.
  const { code, output } = await capture(
    process.execPath,
    [cli, 'generate', '--config', `${name}/prisma.config.ts`],
    {
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  );
  if (code !== 0) {
    throw new StepError(
      `The client of ${name} could not be generated.`,
      `correct ${name}/schema.prisma.`,
      output,
    );
  }
  writeStamp(name, fingerprint);
}

async function build() {
  const fingerprint = buildFingerprint();
  const built = PROJECTS.every(([project, file]) => existsSync(path.join(root, project, 'dist', file)));
  if (built && readStamp('build') === fingerprint) return false;
  await step('Building (tsc -b)', async () => {
    const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
    const { code, output } = await capture(process.execPath, [
      tsc,
      '-b',
      ...PROJECTS.map(([project]) => project),
    ]);
    if (code !== 0)
      throw new StepError('The sources do not compile.', 'mend what the compiler names above.', output);
    writeStamp('build', fingerprint);
  });
  return true;
}

if (isMain(import.meta.url)) {
  try {
    if (process.argv.includes('--generate')) await generate({ always: true });
    else await ensureReady();
  } catch (error) {
    explain(error);
    process.exitCode = 1;
  }
}
