import { constants } from 'node:fs';
import { access, mkdir, statfs } from 'node:fs/promises';

import { dataDirOf, type Variables } from '../environment/variables.js';
import type { Finding } from './finding.js';

const OLDEST_NODE = [20, 19] as const;
const DISK_BYTES_MIN = 1024 ** 3;

/** Whether this Node is one that the platform is tested on. */
export function examineNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const subject = 'Node.js';
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    const remedy = `Install Node.js ${OLDEST_NODE.join('.')} or newer.`;
    return { status: 'problem', subject, detail: `${version} is too old`, remedy };
  }
  if (major < 22) {
    const remedy = 'Node.js 22 or 24 is better: 20 gets no security fixes any more.';
    return { status: 'warning', subject, detail: `${version} works`, remedy };
  }
  return { status: 'ok', subject, detail: version };
}

/** Whether the data folder can be written, with room left. */
export async function examineDataFolder(env: Variables): Promise<Finding> {
  const subject = 'Data folder';
  const folder = dataDirOf(env);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK);
    const disk = await statfs(folder);
    const free = disk.bavail * disk.bsize;
    const detail = `${folder}, ${(free / 1024 ** 3).toFixed(1)} GiB free`;
    if (free >= DISK_BYTES_MIN) return { status: 'ok', subject, detail };
    return { status: 'warning', subject, detail, remedy: 'Make room: a tenant database alone takes 10 MB.' };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { status: 'problem', subject, detail, remedy: 'Choose another folder with NOVA_DATA_DIR.' };
  }
}
