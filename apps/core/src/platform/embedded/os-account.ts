import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';

import { StartupError } from './startup-error.js';

/** The account that PostgreSQL runs under when it is not ours. */
export interface OsAccount {
  name: string;
  uid: number;
  gid: number;
}

/** Preferred accounts for PostgreSQL when we are root, which it refuses to run as. */
const CANDIDATES = ['postgres', 'nobody'];

/**
 * Who runs PostgreSQL on the cluster in `clusterFolder`: null is ourselves. Root steps down to the account that the
 * cluster belongs to, or for a new one to an existing unprivileged account; none is created.
 */
export async function accountFor(clusterFolder: string): Promise<OsAccount | null> {
  const ourselves = process.getuid?.() ?? -1;
  const owner = existsSync(clusterFolder) ? (await stat(clusterFolder)).uid : null;
  if (ourselves !== 0) {
    if (owner === null || owner === ourselves || ourselves === -1) return null;
    throw new StartupError(
      `The databases in ${clusterFolder} belong to another user (uid ${owner}).`,
      'start NovaBilling as the user that started it first, or choose another folder with NOVA_DATA_DIR.',
    );
  }
  if (process.platform !== 'linux') {
    throw new StartupError('PostgreSQL does not run as root.', 'start NovaBilling as an ordinary user.');
  }
  const accounts = await readAccounts();
  const chosen = owner ? accounts.find((a) => a.uid === owner) : firstOf(accounts);
  if (chosen) return chosen;
  throw new StartupError(
    'PostgreSQL does not run as root, and there is no account that it could run under instead.',
    'start NovaBilling as an ordinary user, or create an account named postgres.',
  );
}

function firstOf(accounts: readonly OsAccount[]): OsAccount | undefined {
  return CANDIDATES.map((name) => accounts.find((a) => a.name === name && a.uid !== 0)).find(Boolean);
}

async function readAccounts(): Promise<OsAccount[]> {
  const passwd = await readFile('/etc/passwd', 'utf8');
  return passwd
    .split('\n')
    .map((line) => line.split(':'))
    .filter((fields) => fields.length >= 4)
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }));
}
