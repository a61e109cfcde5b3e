import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { findFreePort } from '@nova/core/platform/embedded/free-port.js';
import { accountFor } from '@nova/core/platform/embedded/os-account.js';

import { asSuperuser } from './central-database.js';
import { eventually } from './eventually.js';

const PASSWORD = 'nova-test';
const PROGRAMS = ['initdb', 'postgres', 'pg_dump', 'pg_restore'];

/** The programs of a PostgreSQL that was installed as a package, server and clients; null where there is none. */
export const PACKAGED_POSTGRES = findPackaged();

function findPackaged(): string | null {
  const parent = '/usr/lib/postgresql';
  const folders = existsSync(parent) ? readdirSync(parent).map((name) => path.join(parent, name, 'bin')) : [];
  const complete = folders.filter((folder) => PROGRAMS.every((name) => existsSync(path.join(folder, name))));
  return complete.sort().at(-1) ?? null;
}

/** A server out of a package, which has pg_dump beside it as the one out of npm has not. */
export class PackagedPostgres {
  private constructor(
    readonly superuserUrl: string,
    private readonly server: ChildProcess,
    private readonly folder: string,
  ) {}

  static async start(bin: string): Promise<PackagedPostgres> {
    const folder = await mkdtemp(path.join(tmpdir(), 'nova-packaged-'));
    const data = path.join(folder, 'data');
    const account = await accountFor(data);
    const passwordFile = path.join(folder, 'password');
    await writeFile(passwordFile, PASSWORD, { mode: 0o600 });
    if (account) for (const place of [folder, passwordFile]) await chown(place, account.uid, account.gid);
    // PostgreSQL does not run as root.
    const options = { cwd: folder, ...(account ? { uid: account.uid, gid: account.gid } : {}) };
    const initdb = spawn(
      path.join(bin, 'initdb'),
      [
        '-D',
        data,
        '-U',
        'postgres',
        '-A',
        'scram-sha-256',
        '--pwfile',
        passwordFile,
        '-E',
        'UTF8',
        '--no-sync',
      ],
      { ...options, stdio: 'ignore' },
    );
    const [code] = (await once(initdb, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`initdb ended with ${code}.`);
    const port = await findFreePort([], '127.0.0.1');
    const settings = ['fsync=off', 'unix_socket_directories=', 'listen_addresses=127.0.0.1', `port=${port}`];
    const server = spawn(
      path.join(bin, 'postgres'),
      ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
      { ...options, stdio: 'ignore' },
    );
    const superuserUrl = `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`;
    await eventually(() => asSuperuser(superuserUrl, (client) => client.query('SELECT 1')));
    return new PackagedPostgres(superuserUrl, server, folder);
  }

  async stop(): Promise<void> {
    const ended = once(this.server, 'exit');
    this.server.kill('SIGQUIT');
    await ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}
