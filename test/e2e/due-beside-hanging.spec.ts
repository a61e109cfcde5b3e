import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { asSuperuser } from '../support/central-database.js';
import { DueSubscriptions } from '../support/due-subscriptions.js';
import { eventually } from '../support/eventually.js';
import { billOne } from '../support/fairness.js';
import { startNova, type Nova } from '../support/nova.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { spawnWorker, type WorkerProcess } from '../support/worker-process.js';

const MANY = 60;
const DELAY_MAX_MS = 5_000;

let nova: Nova;
let worker: WorkerProcess;
let proxy: TcpProxy;

beforeAll(async () => {
  nova = await startNova({ processors: 'none' });
  const { hostname, port } = new URL(nova.config.internalPostgresUrl);
  proxy = await TcpProxy.start({ host: hostname, port: Number(port) });
});
afterAll(async () => {
  await worker.kill();
  await nova.stop();
  await proxy.stop();
});

/** Has the worker, which has not started yet, reach this tenant's databases by way of the proxy. */
async function putBehindProxy(tenantId: string): Promise<void> {
  await asSuperuser(nova.config.centralDatabaseUrl, async (client) => {
    await client.query(
      `INSERT INTO database_servers (id, name, host, port, admin_url_sealed)
       SELECT 'srv_far', 'far', '127.0.0.1', $1, admin_url_sealed FROM database_servers LIMIT 1`,
      [proxy.port],
    );
    await client.query(`UPDATE tenant_databases SET server_id = 'srv_far' WHERE tenant_id = $1`, [tenantId]);
  });
}

describe('due work of a tenant whose database hangs', () => {
  it('delays nobody else’s, and is done exactly once when the database answers again', async () => {
    const hanging = await DueSubscriptions.of(nova);
    const single = await DueSubscriptions.of(nova);
    await hanging.makeDue(MANY);
    await putBehindProxy(hanging.tenant.tenantId);
    worker = spawnWorker(nova.config);
    await eventually(async () => expect((await hanging.progress()).paid).toBeGreaterThan(0), {
      withinMs: 120_000,
    });
    const alone = await billOne(single, 20_000);
    proxy.behave({ kind: 'black_hole' });
    const stopped = await hanging.progress();
    for (let round = 0; round < 5; round++)
      expect(await billOne(single, 20_000)).toBeLessThan(alone + DELAY_MAX_MS);
    expect((await hanging.progress()).sent).toBeLessThan(MANY);
    expect(stopped.invoices).toBeLessThanOrEqual(MANY);
    proxy.behave({ kind: 'reset' });
    proxy.behave({ kind: 'pass' });
    await eventually(
      async () => expect(await hanging.progress()).toEqual({ invoices: MANY, paid: MANY, sent: MANY }),
      { withinMs: 120_000 },
    );
    expect(await hanging.faults()).toEqual({ doubles: 0, gaps: 0, charges: 0 });
    expect(await single.faults()).toEqual({ doubles: 0, gaps: 0, charges: 0 });
  });
});
