import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';

import type { Config } from '@nova/core/platform/config/config.schema.js';
import { createLogger } from '@nova/core/platform/log/create-logger.js';
import { type Change, ChangeListener } from '@nova/core/tenancy/central/changes.js';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { asSuperuser, createPlatformDatabases, type PlatformDatabases } from '../support/central-database.js';
import { eventually } from '../support/eventually.js';

let databases: PlatformDatabases;
let network: net.Server;
let listener: ChangeListener;
const sockets: Socket[] = [];

/** A network on the way to PostgreSQL that can stop carrying anything without closing a connection. */
async function startNetwork(target: URL): Promise<net.Server> {
  const server = net.createServer((near) => {
    const far = net.connect(Number(target.port), target.hostname);
    sockets.push(near, far);
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

beforeAll(async () => {
  databases = await createPlatformDatabases(inject('postgresUrl'));
  const url = new URL(databases.centralUrl);
  network = await startNetwork(new URL(url));
  url.host = `127.0.0.1:${(network.address() as AddressInfo).port}`;
  listener = new ChangeListener(
    {
      centralDatabaseUrl: url.href,
      encryptionKey: randomBytes(32),
      encryptionKeysPrevious: [],
    } as Partial<Config> as Config,
    createLogger({ env: 'test', logLevel: 'silent' }),
  );
  await listener.onModuleInit();
});
afterAll(async () => {
  await listener.close();
  for (const socket of sockets) socket.destroy();
  network.close();
  await databases.drop();
});

describe('the connection that hears of changes', () => {
  it('is trusted while it answers, also when nothing changes', async () => {
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(listener.trusted()).toBe(true);
  });

  it('is not trusted two seconds after the network has died in silence, and tells later what it missed', async () => {
    const heard: Change[] = [];
    listener.onChange((change) => heard.push(change));
    for (const socket of sockets) socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(listener.trusted()).toBe(false);

    const change: Change = { kind: 'session', sessionId: 'ses_missed' };
    const central = new URL(inject('postgresUrl'));
    central.pathname = new URL(databases.centralUrl).pathname;
    await asSuperuser(central.href, (client) =>
      client.query('SELECT pg_notify($1, $2)', ['nova_changes', JSON.stringify(change)]),
    );
    expect(heard).toEqual([]);
    for (const socket of sockets) socket.resume();
    await eventually(async () => expect(listener.trusted()).toBe(true));
    expect(heard).toEqual([change]);
  });
});
