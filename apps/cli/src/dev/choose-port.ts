import { anyFreePort, isPortFree } from '@nova/core/platform/embedded/free-port.js';
import { StartupError } from '@nova/core/platform/embedded/startup-error.js';

import type { Variables } from '../environment/variables.js';

const DEFAULT_PORT = 3_000;
const TRIES = 50;

/** The port of the API: PORT when it is set, which must be free (0 is any); else the first free one from 3000 on. */
export async function choosePort(env: Variables, note: (line: string) => void): Promise<number> {
  const host = env['HOST'] || '127.0.0.1';
  if (env['PORT']) return insistOn(Number(env['PORT']), host);
  for (let port = DEFAULT_PORT; port < DEFAULT_PORT + TRIES; port++) {
    if (!(await isFreeForBrowsers(port, host))) continue;
    if (port !== DEFAULT_PORT)
      note(`Port ${DEFAULT_PORT} is busy: the API takes ${port} (PORT chooses another)`);
    return port;
  }
  throw new StartupError(
    `The ports ${DEFAULT_PORT} to ${DEFAULT_PORT + TRIES - 1} are all busy.`,
    'choose a free one with PORT.',
  );
}

async function insistOn(port: number, host: string): Promise<number> {
  if (port === 0) return anyFreePort(host);
  if (!Number.isInteger(port) || port < 1 || port > 65_535 || (await isPortFree(port, host))) return port;
  throw new StartupError(
    `The port ${port} of ${host} is busy.`,
    'stop the program that listens there, or choose another port: PORT=3001 npm start.',
  );
}

/** `localhost` may mean the IPv6 loopback: another program there would get our visitors. */
async function isFreeForBrowsers(port: number, host: string): Promise<boolean> {
  if (!(await isPortFree(port, host))) return false;
  return !(await isTaken(port, '::1'));
}

async function isTaken(port: number, host: string): Promise<boolean> {
  const [here, anyPort] = await Promise.all([isPortFree(port, host), isPortFree(0, host)]);
  // A machine without IPv6 cannot listen there on any port.
  return anyPort && !here;
}
