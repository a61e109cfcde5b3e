import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import { AddressPolicy } from './address-policy.js';
import { OutboundClient } from './outbound-client.js';
import { localResolve, type Resolve } from './resolve-host.js';

const servers: Server[] = [];
const clients: OutboundClient[] = [];

afterEach(async () => {
  for (const one of clients.splice(0)) one.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function listen(answer: RequestListener): Promise<{ port: number; hits: () => number }> {
  let hits = 0;
  const server = createServer((request, response) => {
    hits += 1;
    answer(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, hits: () => hits };
}

function client(networks: string[], resolve: Resolve = localResolve(), limitMs?: number): OutboundClient {
  const made = new OutboundClient(new AddressPolicy(networks), resolve, limitMs);
  clients.push(made);
  return made;
}

const post = (by: OutboundClient, url: string) => by.post({ url, headers: { 'x-test': '1' }, body: '{}' });
const fine: RequestListener = (_request, response) => void response.end('fine');

describe('OutboundClient', () => {
  it('posts to what it may, by address and by name', async () => {
    const { port } = await listen(fine);
    const open = client(['127.0.0.0/8', '::1']);
    const byName = client(['127.0.0.0/8'], () => Promise.resolve(['127.0.0.1']));
    expect((await post(open, `http://127.0.0.1:${port}/`)).body.toString()).toBe('fine');
    expect((await post(byName, `http://receiver.example:${port}/`)).statusCode).toBe(200);
  });

  it('connects to no address that is not public, however it is written', async () => {
    const { port, hits } = await listen(fine);
    const strict = client([]);
    for (const host of [
      '127.0.0.1',
      '0x7f000001',
      '2130706433',
      '127.1',
      '[::ffff:127.0.0.1]',
      'localhost',
    ]) {
      await expect(post(strict, `http://${host}:${port}/`), host).rejects.toMatchObject({
        code: 'address_refused',
      });
    }
    expect(hits()).toBe(0);
  });

  it('connects to no name that points to one, nor to a name with both kinds', async () => {
    const { port, hits } = await listen(fine);
    for (const addresses of [['127.0.0.1'], ['8.8.8.8', '10.0.0.1'], ['64:ff9b::7f00:1'], []]) {
      const strict = client([], () => Promise.resolve(addresses));
      const asked = post(strict, `http://rebound.example:${port}/`);
      await expect(asked, addresses.join()).rejects.toMatchObject({ code: 'address_refused' });
    }
    expect(hits()).toBe(0);
  });

  it('looks a name up once for a connection, and connects to what it has checked', async () => {
    const { port } = await listen(fine);
    let asked = 0;
    // A name that points elsewhere as soon as it was looked at.
    const rebinding: Resolve = () => Promise.resolve([asked++ === 0 ? '127.0.0.1' : '10.0.0.1']);
    const one = client(['127.0.0.1'], rebinding);
    expect((await post(one, `http://rebound.example:${port}/`)).statusCode).toBe(200);
    expect(asked).toBe(1);
  });

  it('follows no redirect', async () => {
    const { port } = await listen((_request, response) => {
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
    });
    expect((await post(client(['127.0.0.1']), `http://127.0.0.1:${port}/`)).statusCode).toBe(302);
  });

  it('gives up when its time is over, before the answer and in the middle of it', async () => {
    const silent = await listen(() => undefined);
    const dripping = await listen((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(timer));
    });
    for (const { port } of [silent, dripping]) {
      const hurried = client(['127.0.0.1'], localResolve(), 300);
      await expect(post(hurried, `http://127.0.0.1:${port}/`)).rejects.toThrow(/abort/i);
    }
  });

  it('reads 64 KB and no more, and closes the connection on the rest', async () => {
    let isClosed = false;
    const { port } = await listen((_request, response) => {
      response.on('close', () => (isClosed = true));
      response.writeHead(200);
      const chunk = Buffer.alloc(65_536, 'x');
      const more = () => {
        while (!isClosed) if (!response.write(chunk)) return void response.once('drain', more);
      };
      more();
    });
    const { body, statusCode } = await post(client(['127.0.0.1']), `http://127.0.0.1:${port}/`);
    expect([statusCode, body.length]).toEqual([200, 65_536]);
    await expect.poll(() => isClosed).toBe(true);
  });

  it('makes a connection anew that was closed while it was kept', async () => {
    const { port, hits } = await listen((request, response) => {
      response.end('fine');
      response.on('finish', () => setImmediate(() => request.socket.resetAndDestroy()));
    });
    const one = client(['127.0.0.1']);
    for (let n = 0; n < 5; n++) expect((await post(one, `http://127.0.0.1:${port}/`)).statusCode).toBe(200);
    expect(hits()).toBeGreaterThanOrEqual(5);
  });
});
