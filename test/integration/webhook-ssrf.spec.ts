// Row E1 of the scorecard: places that webhooks are never sent to, however they are written.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

import { AddressPolicy } from '@nova/core/platform/outbound/address-policy.js';
import { OutboundClient } from '@nova/core/platform/outbound/outbound-client.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';

/** Loopback, private networks and the cloud's metadata, in every spelling that URLs and resolvers know. */
const HOSTS = `
  127.0.0.1 127.0.0.2 127.255.255.254 127.1 127.0.1
  2130706433 0x7f000001 0x7f.0.0.1 0x7f.1 017700000001 0177.0.0.1 0177.1
  ①②⑦.⓪.⓪.① 127。0。0。1 127%2e0%2e0%2e1 127.0.0.1.
  0.0.0.0 0 0x0 [::] [::1] [0:0:0:0:0:0:0:1] [::0001]
  [::ffff:127.0.0.1] [::ffff:7f00:1] [::7f00:1] [64:ff9b::7f00:1] [64:ff9b:1::7f00:1]
  [2002:7f00:1::] [fe80::1] [fc00::1] [fd00:ec2::254] [ff02::1]
  169.254.169.254 0xa9fea9fe [::ffff:169.254.169.254] [64:ff9b::a9fe:a9fe]
  10.0.0.1 172.16.0.1 192.168.0.1 100.64.0.1 198.18.0.1 255.255.255.255
  localhost LOCALHOST localhost.
`
  .trim()
  .split(/\s+/);
/** What is no address at all, or hides one. */
const OTHERS = [
  'file:///etc/passwd',
  'gopher://127.0.0.1:{port}/_GET',
  'ftp://127.0.0.1:{port}/',
  'javascript:alert(1)',
  'data:text/plain,hello',
  'http://example.com@127.0.0.1:{port}/',
  'http://127.0.0.1:{port}@127.0.0.1:{port}/',
  'http:127.0.0.1:{port}',
  'http:\\\\127.0.0.1:{port}\\',
];

let nova: Nova;
let tenant: TestTenant;
let heard: string[];
let servers: http.Server[];
let port: number;

beforeAll(async () => {
  // Only what nobody here is at may be reached, and names are looked up as a developer's machine does.
  nova = await startNova({ env: { WEBHOOK_ALLOWED_NETWORKS: '203.0.113.7' } });
  tenant = await nova.tenant();
  heard = [];
  const listen = async (host: string, at: number) => {
    const server = http.createServer((request, response) => {
      heard.push(`${request.method} ${request.headers.host}${request.url}`);
      response.end();
    });
    server.on('connection', () => heard.push(`a connection to ${host}`));
    await new Promise<void>((resolve, reject) => server.on('error', reject).listen(at, host, resolve));
    return server;
  };
  // Everything that this machine is called by: 0.0.0.0 hears all of loopback.
  const first = await listen('0.0.0.0', 0);
  ({ port } = first.address() as AddressInfo);
  const second = await listen('::1', port).catch(() => null);
  servers = second ? [first, second] : [first];
});

afterAll(async () => {
  await nova.stop();
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

const urls = () => [
  ...HOSTS.map((host) => `http://${host}:${port}/hook`),
  ...OTHERS.map((url) => url.replaceAll('{port}', String(port))),
];

describe('a webhook', () => {
  it('is never sent to any of forty places that are not public', async () => {
    expect(urls().length).toBeGreaterThanOrEqual(40);
    const taken: { id: string; url: string }[] = [];
    for (const url of urls()) {
      const answer = await tenant.api.post('/webhook-endpoints', { url, eventTypes: ['customer.created'] });
      expect([201, 400], `${url}: ${JSON.stringify(answer.body)}`).toContain(answer.status);
      if (answer.status === 201) taken.push(answer.body);
    }
    // Names are looked up when something is sent; what is written as an address is refused at once.
    expect(taken.every(({ url }) => new URL(url).hostname.startsWith('localhost'))).toBe(true);
    expect(taken.length).toBeGreaterThan(0);
    expectStatus(await tenant.api.post('/customers', { name: 'Zuri' }), 201);
    for (const { id, url } of taken) {
      const delivery = await eventually(async () => {
        const { data } = expectStatus(await tenant.api.get(`/webhook-endpoints/${id}/deliveries`), 200);
        expect(data[0]).toMatchObject({ attempts: 1 });
        return data[0];
      });
      expect(delivery, url).toMatchObject({ status: 'pending', lastStatusCode: null });
    }
    expect(heard).toEqual([]);
  });

  it('is not sent there by a test event, nor once an address is changed to one', async () => {
    const made = expectStatus(
      await tenant.api.post('/webhook-endpoints', { url: `http://localhost:${port}/`, eventTypes: ['*'] }),
      201,
    );
    const changed = await tenant.api.patch(`/webhook-endpoints/${made.id}`, {
      url: `http://0x7f000001:${port}/`,
    });
    expect(expectStatus(changed, 400).code).toBe('webhook_url_refused');
    await tenant.api.post(`/webhook-endpoints/${made.id}/test`, {});
    await nova.settle();
    expect(heard).toEqual([]);
  });
});

describe('a name', () => {
  /** A client as production has it, for which every name points where the test says. */
  const pointing = (...answers: (readonly string[])[]) => {
    let asked = 0;
    const resolve = () => Promise.resolve(answers[Math.min(asked++, answers.length - 1)] ?? []);
    return new OutboundClient(new AddressPolicy(['127.0.0.9']), resolve);
  };
  const post = (client: OutboundClient) =>
    client.post({ url: `http://rebound.example:${port}/`, headers: {}, body: '{}' });

  it.each([
    [['127.0.0.1']],
    [['::1']],
    [['0.0.0.0']],
    [['::ffff:127.0.0.1']],
    [['64:ff9b::7f00:1']],
    [['169.254.169.254']],
    [['8.8.8.8', '127.0.0.1']],
    [['127.0.0.1', '8.8.8.8']],
  ])('that points to %s is refused', async (addresses) => {
    heard.length = 0;
    const client = pointing(addresses);
    await expect(post(client)).rejects.toMatchObject({ code: 'address_refused' });
    client.close();
    expect(heard).toEqual([]);
  });

  it('that points elsewhere with every look, its time to live being nothing, is connected to where it was checked', async () => {
    heard.length = 0;
    const client = pointing(['127.0.0.9'], ['127.0.0.1'], ['10.0.0.1']);
    expect((await post(client)).statusCode).toBe(200);
    expect(heard).toContain(`POST rebound.example:${port}/`);
    client.close();
    heard.length = 0;
    // A connection of its own takes a look of its own, which is refused.
    await expect(post(client)).rejects.toMatchObject({ code: 'address_refused' });
    await expect(post(client)).rejects.toMatchObject({ code: 'address_refused' });
    expect(heard).toEqual([]);
  });
});
