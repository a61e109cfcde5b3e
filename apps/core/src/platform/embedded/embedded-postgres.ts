import path from 'node:path';

import { z } from 'zod';

import { describeCluster, type Cluster } from './cluster.js';
import { endLeftovers } from './cluster-processes.js';
import { findFreePort, isPortFree } from './free-port.js';
import { ensureInitialised } from './initialise-cluster.js';
import { makePrivateFolder, readJsonIfThere, writePrivateJson } from './private-files.js';
import { loadSecrets } from './secrets.js';
import { spawnServer, type ServerProcess } from './server-process.js';

export interface EmbeddedPostgresOptions {
  /** The platform's data folder. Whoever calls this holds it: nobody else runs a server on it. */
  dataDir: string;
  /** The port to try first. By default that of the last start; another one is taken when it is busy. */
  port?: number;
  /** PostgreSQL settings over the built-in ones. */
  settings?: Readonly<Record<string, string>>;
  log?: (line: string) => void;
}

export interface EmbeddedPostgres {
  superuserUrl: string;
  port: number;
  pid: number;
  version: string;
  /** Resolves when the server has ended, asked or not. */
  ended: Promise<void>;
  /** Ends the server: sessions are cut, what was committed is on the disk. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const ATTEMPTS = 5;

/**
 * Starts a PostgreSQL server out of npm on `dataDir`, made on the first start. What an earlier start left running
 * there, because it was killed, is ended first.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const dataDir = path.resolve(options.dataDir);
  const log = options.log ?? (() => {});
  await makePrivateFolder(dataDir);
  const { superuser: password } = (await loadSecrets(dataDir)).postgres;
  const cluster = await describeCluster(dataDir);
  await endLeftovers(cluster, log);
  await ensureInitialised(cluster, password);
  const server = await startOnFreePort(cluster, { ...options, password, dataDir, log });
  return {
    superuserUrl: `postgres://postgres:${password}@${HOST}:${server.port}/postgres`,
    port: server.port,
    pid: server.pid,
    version: cluster.version,
    ended: server.ended,
    stop: () => server.stop(),
  };
}

interface StartOptions extends EmbeddedPostgresOptions {
  password: string;
  log: (line: string) => void;
}

async function startOnFreePort(cluster: Cluster, options: StartOptions): Promise<ServerProcess> {
  const preferred = [options.port ?? (await portOfLastStart(options.dataDir))].filter(
    (port) => port !== null,
  );
  for (let attempt = 1; ; attempt++) {
    const port = await findFreePort(preferred, HOST);
    if (attempt === 1 && preferred[0] !== undefined && port !== preferred[0]) {
      options.log(`Port ${preferred[0]} is busy: PostgreSQL takes ${port}`);
    }
    try {
      const server = await spawnServer(cluster, {
        host: HOST,
        port,
        password: options.password,
        settings: options.settings ?? {},
      });
      await writePrivateJson(portFile(options.dataDir), { port });
      return server;
    } catch (error) {
      // Another program may have taken the port in the moment between the look and the start.
      if (attempt === ATTEMPTS || (await isPortFree(port, HOST))) throw error;
    }
  }
}

const portFile = (dataDir: string) => path.join(dataDir, 'postgres-port.json');
const PortSchema = z.object({ port: z.int().min(1).max(65_535) });

/** The port that the server on this data folder was last started on, or null when it never was. */
export async function portOfLastStart(dataDir: string): Promise<number | null> {
  const noted = PortSchema.safeParse(await readJsonIfThere(portFile(dataDir)));
  return noted.success ? noted.data.port : null;
}
