import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** Outside the range that operating systems hand out to outgoing connections. */
const FIRST_PORT = 15_432;
const PORTS = 200;

/** Whether a server could listen on this port of `host` at this moment. */
export function isPortFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** Any port that is free at this moment, as the operating system gives it out. */
export async function anyFreePort(host: string): Promise<number> {
  const probe = createServer().listen(0, host);
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** The first free port, beginning with the preferred ones. */
export async function findFreePort(preferred: readonly number[], host: string): Promise<number> {
  const candidates = [...preferred, ...Array.from({ length: PORTS }, (_, index) => FIRST_PORT + index)];
  for (const port of candidates) {
    if (await isPortFree(port, host)) return port;
  }
  throw new Error(`No port of ${FIRST_PORT} to ${FIRST_PORT + PORTS - 1} is free on ${host}.`);
}
