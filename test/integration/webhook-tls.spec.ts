// Row C6 of the scorecard, as far as TLS goes: what a receiver shows has to be good for the name it is called by.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';

const OPENSSL_IS_HERE = spawnSync('openssl', ['version']).status === 0;
if (!OPENSSL_IS_HERE) console.warn('Skipped: openssl, which makes the certificates, is not installed.');

let nova: Nova;
let tenant: TestTenant;
let folder: string;
let heard = 0;
const servers: Server[] = [];

beforeAll(async () => {
  nova = await startNova();
  tenant = await nova.tenant();
  folder = await mkdtemp(path.join(tmpdir(), 'nova-tls-'));
});

afterAll(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  await nova.stop();
  await rm(folder, { recursive: true });
});

/** A receiver with a certificate that nobody has vouched for. */
async function receiverFor(names: string): Promise<string> {
  const [key, certificate] = ['key', 'crt'].map((kind) => path.join(folder, `${servers.length}.${kind}`)) as [
    string,
    string,
  ];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const subject = ['-subj', '/CN=receiver', '-addext', `subjectAltName=${names}`];
  const files = ['-keyout', key, '-out', certificate];
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, ...files], { stdio: 'ignore' });
  const [keyText, certificateText] = await Promise.all([readFile(key), readFile(certificate)]);
  const server = createServer({ key: keyText, cert: certificateText }, (_request, response) => {
    heard += 1;
    response.end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe.skipIf(!OPENSSL_IS_HERE)('a receiver with a certificate', () => {
  it.each([
    ['that it has signed itself', 'IP:127.0.0.1'],
    ['of another name', 'DNS:other.example'],
  ])('%s hears nothing, and the log says why', async (_, names) => {
    const url = await receiverFor(names);
    const body = { url, eventTypes: ['customer.created'] };
    const endpoint = expectStatus(await tenant.api.post('/webhook-endpoints', body), 201);
    expectStatus(await tenant.api.post('/customers', { name: 'Zuri' }), 201);
    const delivery = await eventually(async () => {
      const { data } = expectStatus(
        await tenant.api.get(`/webhook-endpoints/${endpoint.id}/deliveries`),
        200,
      );
      expect(data[0]).toMatchObject({ attempts: 1 });
      return data[0];
    });
    expect(delivery).toMatchObject({
      status: 'pending',
      lastStatusCode: null,
      lastError: expect.stringMatching(/self_signed|altname/),
    });
    expect(heard).toBe(0);
  });
});
