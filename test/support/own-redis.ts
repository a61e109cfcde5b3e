import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { Redis } from 'ioredis';

export const REDIS_IS_HERE = spawnSync('redis-server', ['--version']).status === 0;

/** A Redis of one test's own, to be emptied under way. */
export class OwnRedis {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(): Promise<OwnRedis> {
    const port = await freePort();
    const folder = await mkdtemp(path.join(tmpdir(), 'nova-redis-'));
    const settings = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder];
    const child = spawn('redis-server', settings, { stdio: 'ignore' });
    return new OwnRedis(`redis://127.0.0.1:${port}`, child, folder);
  }

  /** FLUSHALL: every queue, job and counter is gone, and nobody is told. */
  async flushAll(): Promise<void> {
    const redis = new Redis(this.url);
    await redis.flushall();
    redis.disconnect();
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
