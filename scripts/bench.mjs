// npm run bench -- NAME [--record]: measures one figure beside its baseline in the same run.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

import { ensureReady } from './setup.mjs';

const root = path.resolve(import.meta.dirname, '..');
const names = [
  'provisioning',
  'noisy-neighbour',
  'customer-read',
  'start',
  'fleet-migration',
  'tenant-resolution',
  'client-memory',
  'scheduler-tick',
  'rating',
  'billing-run',
  'usage-ingest',
  'usage-aggregate',
  'analytics',
  'invoice-pdf',
  'webhooks-out',
  'webhooks-in',
];
const [name, ...rest] = process.argv.slice(2);

if (!name || !names.includes(name)) {
  console.error(`Which one? npm run bench -- ${names.join(' | ')} [--record]`);
  process.exit(2);
}
await ensureReady();
run('node_modules/typescript/bin/tsc', '-b', 'test');
run(path.join('test/dist/bench', `${name}.js`), ...rest);

function run(script, ...args) {
  const { status } = spawnSync(process.execPath, ['--expose-gc', script, ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
