// A PgBouncer of our own for the tests, when the machine has one installed: with the configuration that
// infra/pgbouncer ships, but for where things are.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { freePort, isUp } from './ports.mjs';
import { root } from './run-command.mjs';

/** Debian's and most systems' account without rights; PgBouncer refuses to run as root. */
const NOBODY = 65_534;

/** Why there can be no PgBouncer on this machine; null when there can. */
export function pgbouncerMissing() {
  if (spawnSync('pgbouncer', ['--version'], { env: withSystemPrograms() }).status === 0) return null;
  return 'pgbouncer is not installed (apt install pgbouncer, brew install pgbouncer).';
}

/**
 * Starts it on a free port in front of the PostgreSQL at `host` and `port`, whose role nova_pooler has `password`.
 * Where it does not start, `address` is null and `reason` says why.
 */
export async function startPgBouncer({ host, port: serverPort, password }) {
  const missing = pgbouncerMissing();
  if (missing) return { address: null, reason: missing, stop: async () => {} };
  const folder = mkdtempSync(path.join(tmpdir(), 'nova-pgbouncer-'));
  const port = await freePort();
  const users = path.join(folder, 'userlist.txt');
  const settings = path.join(folder, 'pgbouncer.ini');
  writeFileSync(users, `"nova_pooler" "${password}"\n`, { mode: 0o600 });
  writeFileSync(settings, settingsFor({ host, serverPort, port, users }), { mode: 0o600 });
  const account = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  if (account.uid) for (const file of [folder, users, settings]) chownSync(file, account.uid, account.gid);
  const child = spawn('pgbouncer', [settings], {
    ...account,
    env: withSystemPrograms(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => (said = `${said}${chunk}`.slice(-2_000)));
  const ended = once(child, 'exit');
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    process.off('exit', endWithUs);
    rmSync(folder, { recursive: true, force: true });
  };
  if (await isUp(port)) return { address: `127.0.0.1:${port}`, stop };
  await stop();
  return { address: null, reason: `pgbouncer did not start. ${said}`, stop };
}

/** The shipped file with this machine's places in it. */
function settingsFor({ host, serverPort, port, users }) {
  const shipped = readFileSync(path.join(root, 'infra/pgbouncer/pgbouncer.ini'), 'utf8');
  const places = {
    '* = host=tenant-db port=5432': `* = host=${host} port=${serverPort}`,
    'listen_addr = 0.0.0.0': 'listen_addr = 127.0.0.1',
    'listen_port = 6432': `listen_port = ${port}`,
    'auth_file = /etc/pgbouncer/userlist.txt': `auth_file = ${users}`,
  };
  return Object.entries(places).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`infra/pgbouncer/pgbouncer.ini has no line “${from}”.`);
    return text.replace(from, to);
  }, shipped);
}

/** Debian keeps it in /usr/sbin, which an ordinary user's path may lack. */
function withSystemPrograms() {
  return { ...process.env, PATH: `${process.env.PATH ?? ''}${path.delimiter}/usr/sbin` };
}
