import http from 'node:http';
import type { AddressInfo } from 'node:net';

import pino from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { GuardedCalls } from './guarded-calls.js';
import { addressOf, HttpClient } from './http-client.js';

let server: http.Server;
let baseUrl: string;
let seen: { method: string | undefined; url: string | undefined }[];
let answer: (response: http.ServerResponse) => void;

beforeAll(async () => {
  server = http.createServer((request, response) => {
    seen.push({ method: request.method, url: request.url });
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v3`;
});

beforeEach(() => {
  seen = [];
});

afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const client = () =>
  new HttpClient({ baseUrl, account: 'a', calls: new GuardedCalls(), log: pino({ enabled: false }) });

describe('a call to a provider', () => {
  it('reads amounts as they were written', async () => {
    answer = (response) => response.end('{"amount":1150.35}');
    expect(await client().call({ method: 'GET', path: ['x'] })).toEqual({
      kind: 'answer',
      status: 200,
      body: { amount: '1150.35' },
    });
  });

  it('puts each part of a path in as one part', async () => {
    answer = (response) => response.end('{}');
    await client().call({
      method: 'GET',
      path: ['transaction', 'verify', 'a/../../refund?x'],
      query: { q: '1&2' },
    });
    expect(seen).toEqual([{ method: 'GET', url: '/v3/transaction/verify/a%2F..%2F..%2Frefund%3Fx?q=1%262' }]);
    expect(() => addressOf(baseUrl, { path: ['verify', '..'] })).toThrow(RangeError);
    expect(() => addressOf(baseUrl, { path: ['verify', ''] })).toThrow(RangeError);
  });

  it('follows no redirect, which could take the key elsewhere', async () => {
    answer = (response) => response.writeHead(302, { location: `${baseUrl}/elsewhere` }).end();
    expect(await client().call({ method: 'POST', path: ['x'], body: {} })).toMatchObject({ status: 302 });
    expect(seen).toHaveLength(1);
  });

  it('has no answer when the socket breaks, and is not made a second time', async () => {
    answer = (response) => response.destroy();
    expect(await client().call({ method: 'POST', path: ['x'], body: {} })).toMatchObject({
      kind: 'no_answer',
      sent: 'perhaps',
    });
    expect(seen).toHaveLength(1);
  });

  it('goes over no connection that its server is about to close', async () => {
    const connections = new Set<unknown>();
    const note = (socket: unknown) => connections.add(socket);
    server.on('connection', note);
    answer = (response) => response.end('{}');
    const twice = async () => {
      connections.clear();
      for (let call = 0; call < 2; call++) await client().call({ method: 'GET', path: ['x'] });
      return connections.size;
    };
    // What it says that it keeps a connection for leaves no second to spare.
    server.keepAliveTimeout = 1_000;
    await twice();
    expect(await twice()).toBe(2);
    server.keepAliveTimeout = 60_000;
    await twice();
    expect(await twice()).toBe(0);
    server.off('connection', note);
  });

  it('has no answer when that is too long', async () => {
    answer = (response) => response.end(Buffer.alloc(3 * 1_048_576, 0x20));
    expect(await client().call({ method: 'GET', path: ['x'] })).toMatchObject({ kind: 'no_answer' });
  });

  it('has an answer without a body when that is not JSON', async () => {
    answer = (response) => response.writeHead(502).end('<html>Bad gateway</html>');
    expect(await client().call({ method: 'GET', path: ['x'] })).toEqual({
      kind: 'answer',
      status: 502,
      body: undefined,
    });
  });
});
