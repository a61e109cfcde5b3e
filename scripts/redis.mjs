// A Redis server of our own for the tests, when the machine has one installed.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { freePort, isUp } from './ports.mjs';

/** Starts it on a free port with nothing kept on the disk. Without a Redis here, says why there is no `url`. */
export async function startRedis() {
  if (spawnSync('redis-server', ['--version']).status !== 0) {
    return {
      url: null,
      reason: 'redis-server is not installed (apt install redis-server, brew install redis).',
    };
  }
  const port = await freePort();
  const folder = mkdtempSync(path.join(tmpdir(), 'nova-redis-'));
  const settings = [
    '--port',
    port,
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  const child = spawn('redis-server', [...settings.map(String), '--maxmemory-policy', 'noeviction'], {
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    process.off('exit', endWithUs);
    rmSync(folder, { recursive: true, force: true });
  };
  if (await isUp(port)) return { url: `redis://127.0.0.1:${port}`, stop };
  await stop();
  return { url: null, reason: 'redis-server did not start.' };
}
