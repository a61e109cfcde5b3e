import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { enter, openLog, tailOfLog, type Cluster } from './cluster.js';
import { sendSignal } from './cluster-processes.js';
import { POSTGRES_ENVIRONMENT } from './initialise-cluster.js';
import { StartupError } from './startup-error.js';

export interface ServerProcess {
  pid: number;
  port: number;
  ended: Promise<void>;
  stop(): Promise<void>;
}

export interface ServerOptions {
  host: string;
  port: number;
  password: string;
  settings: Readonly<Record<string, string>>;
}

/** Small in memory and quiet when idle; as durable as PostgreSQL is by default. */
const SETTINGS = {
  max_connections: '200',
  shared_buffers: '24MB',
  // What it would write ahead, a checkpoint writes; without it the process never looks at the buffers.
  bgwriter_lru_maxpages: '0',
  io_method: 'sync',
  jit: 'off',
  max_wal_size: '256MB',
  min_wal_size: '48MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_logical_replication_workers: '0',
  max_parallel_workers_per_gather: '0',
  autovacuum_max_workers: '2',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] %u@%d ',
  log_checkpoints: 'off',
};

/** Recovery after a crash of a large database takes its time; while the server lives, it is at work. */
const READY_WITHIN_MS = 300_000;

/** Starts the server and waits until it answers with our password. It lives in a session of its own. */
export async function spawnServer(cluster: Cluster, options: ServerOptions): Promise<ServerProcess> {
  const child = await spawnPostgres(cluster, options);
  const pid = child.pid ?? 0;
  const ended = once(child, 'exit').then(() => undefined);
  // The last resort when this process ends without having stopped the server: a fast shutdown.
  const onExit = () => sendSignal(pid, 'SIGINT');
  process.once('exit', onExit);
  void ended.then(() => process.off('exit', onExit));
  await waitUntilReady(child, cluster, options);
  return { pid, port: options.port, ended, stop: () => stop(child, ended) };
}

async function spawnPostgres(cluster: Cluster, options: ServerOptions): Promise<ChildProcess> {
  const entrance = await enter(cluster);
  const log = await openLog(cluster);
  const settings = {
    ...SETTINGS,
    ...options.settings,
    listen_addresses: options.host,
    port: String(options.port),
    cluster_name: cluster.name,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  try {
    const child = spawn(path.join(cluster.binFolder, 'postgres'), ['-D', `${entrance.path}/data`, ...flags], {
      cwd: '/',
      // A session of its own: Ctrl-C in the terminal stops the platform first, which then stops its database.
      detached: true,
      env: POSTGRES_ENVIRONMENT,
      stdio: ['ignore', log.fd, log.fd, entrance.folder?.fd ?? 'ignore'],
      ...(cluster.account ? { uid: cluster.account.uid, gid: cluster.account.gid } : {}),
    });
    await once(child, 'spawn');
    return child;
  } catch (cause) {
    throw new StartupError(
      `PostgreSQL's program cannot be run: ${cause instanceof Error ? cause.message : String(cause)}`,
      'the embedded PostgreSQL needs glibc on Linux; elsewhere name a server in CENTRAL_DATABASE_URL (see .env.example).',
      { cause },
    );
  } finally {
    await log.close();
    await entrance.folder?.close();
  }
}

async function waitUntilReady(child: ChildProcess, cluster: Cluster, options: ServerOptions): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!hasEnded(child) && performance.now() < deadline) {
    const answer = await answers(options);
    if (answer === 'yes') return;
    if (answer === 'refused') break;
    await sleep(20);
  }
  const alive = !hasEnded(child);
  if (alive) await stop(child, once(child, 'exit'));
  throw new StartupError(
    `PostgreSQL did not start${alive ? ' properly' : ''}:\n${await tailOfLog(cluster)}`,
    `look at ${cluster.logFile}; if it speaks of settings.json or passwords, the data folder was mixed with another's.`,
  );
}

/** A server that lets us in with the password knows it itself (SCRAM proves both ways), so it is ours. */
async function answers({ host, port, password }: ServerOptions): Promise<'yes' | 'not yet' | 'refused'> {
  const client = new pg.Client({
    host,
    port,
    user: 'postgres',
    database: 'postgres',
    password,
    connectionTimeoutMillis: 2_000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return 'yes';
  } catch (error) {
    const wrongPassword = error instanceof pg.DatabaseError && error.code === '28P01';
    return wrongPassword ? 'refused' : 'not yet';
  } finally {
    await client.end().catch(() => {});
  }
}

const hasEnded = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

/** Fast shutdown; when that hangs, immediate, and at last no mercy. The log replays what was committed. */
async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    if (hasEnded(child)) return;
    child.kill(signal);
    const timeout = new AbortController();
    await Promise.race([ended, sleep(waitMs, undefined, { signal: timeout.signal }).catch(() => {})]);
    timeout.abort();
  }
}
