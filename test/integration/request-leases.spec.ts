import { request } from 'node:http';

import { TenantClients } from '@nova/core/tenancy/clients/tenant-clients.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';

let nova: Nova;
let acme: TestTenant;
let clients: TenantClients;

beforeAll(async () => {
  nova = await startNova({ processors: 'none' });
  acme = await nova.tenant();
  clients = nova.app.get(TenantClients, { strict: false });
});

afterAll(() => nova.stop());

const noLeases = () => eventually(async () => expect(clients.usage().leases).toBe(0), { withinMs: 5_000 });

/** Sends a request and hangs up after so many milliseconds. */
function hangUp(path: string, afterMs: number): Promise<void> {
  return new Promise((resolve) => {
    const sent = request(`${nova.url}/api${path}`, { headers: { authorization: `Bearer ${acme.testKey}` } });
    sent.on('error', () => resolve());
    sent.on('response', (response) =>
      response
        .on('error', () => {})
        .resume()
        .on('close', () => resolve()),
    );
    sent.end();
    setTimeout(() => sent.destroy(), afterMs);
  });
}

describe('the lease that a request holds on its tenant’s database', () => {
  it('is given back after an answer, a refusal and a failure', async () => {
    expectStatus(await acme.api.get('/customers'), 200);
    await noLeases();
    expectStatus(await acme.api.get('/customers?nonsense=1'), 400);
    expectStatus(await acme.api.post('/customers', { nonsense: true }), 400);
    expectStatus(await acme.api.get('/customers/cus_00000000000000000000000000'), 404);
    await noLeases();
  });

  it('is given back when clients hang up, whenever they do', async () => {
    await Promise.all(Array.from({ length: 120 }, (_, n) => hangUp('/customers', n % 12)));
    await noLeases();
    expectStatus(await acme.api.get('/customers'), 200);
    await noLeases();
  });
});
