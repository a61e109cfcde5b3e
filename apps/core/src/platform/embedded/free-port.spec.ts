import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

import { describe, expect, it } from 'vitest';

import { findFreePort, isPortFree } from './free-port.js';

describe('a free port', () => {
  it('is the preferred one, or the next when that is busy', async () => {
    const busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const { port } = busy.address() as AddressInfo;
    expect(await isPortFree(port, '127.0.0.1')).toBe(false);
    const found = await findFreePort([port], '127.0.0.1');
    expect(found).not.toBe(port);
    busy.close();
    await once(busy, 'close');
    expect(await findFreePort([port], '127.0.0.1')).toBe(port);
  });
});
