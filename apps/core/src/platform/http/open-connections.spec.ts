import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

import { expect, it } from 'vitest';

import { OpenConnections } from './open-connections.js';

/** A server whose answers are ended by the test, and a caller's connection to it that nothing but the server closes. */
async function startServer() {
  const server = createServer({ keepAliveTimeout: 60_000 });
  const connections = new OpenConnections(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connect = async () => {
    const socket = net.connect({ port, host: '127.0.0.1' });
    // A caller whose request is cut off hears of it as an error.
    socket.resume().on('error', () => undefined);
    await Promise.all([once(socket, 'connect'), once(server, 'connection')]);
    return socket;
  };
  const request = async (socket: net.Socket) => {
    socket.write('GET / HTTP/1.1\r\nhost: here\r\n\r\n');
    const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
    return response;
  };
  const leave = () => {
    const closed = new Promise<'closed'>((resolve) => server.close(() => resolve('closed')));
    connections.closeIdle();
    return closed;
  };
  return { connect, request, leave };
}

it('does not wait for a connection that was opened and never used', async () => {
  const { connect, leave } = await startServer();
  const ended = once(await connect(), 'close');
  await leave();
  await ended;
});

it('does not wait for one on which a request has only begun to arrive', async () => {
  const { connect, leave } = await startServer();
  const socket = await connect();
  socket.write('GET / HTTP/1.1\r\nhost:');
  await leave();
});

it('waits for the answer under way, sends it whole, and then closes its connection', async () => {
  const { connect, request, leave } = await startServer();
  const socket = await connect();
  let received = '';
  socket.setEncoding('utf8').on('data', (text: string) => (received += text));
  const response = await request(socket);
  // The caller was told already that the connection stays open.
  response.writeHead(200, { 'content-length': '10' }).write('begin');
  const closed = leave();
  expect(await Promise.race([closed, wait(100, 'answering')])).toBe('answering');
  const ended = once(socket, 'close');
  response.end('-end.');
  await Promise.all([closed, ended]);
  expect(received).toMatch(/\r\n\r\nbegin-end\.$/);
});

it('closes a connection that was used and is idle', async () => {
  const { connect, request, leave } = await startServer();
  const socket = await connect();
  const response = await request(socket);
  response.end();
  await once(response, 'close');
  const ended = once(socket, 'close');
  await leave();
  await ended;
});
