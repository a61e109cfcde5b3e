import { confirmMove } from '@nova/core/features/moves/end-move.js';
import { operatorCaller } from '@nova/core/features/audit/operator-caller.js';
import { verifyTenants } from '@nova/core/features/verify/verify-tenants.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { buildBillingWorld } from '../support/billing-world.js';
import { MoveCrashes } from '../support/move-crashes.js';
import { runCommand } from '../support/nova-command.js';
import { type Nova, startNova, type TestTenant } from '../support/nova.js';
import { type SecondServer, startSecondServer } from '../support/second-server.js';

/** A move sends some hundred statements; every so many of them is one to die at. */
const STRIDE = 9;
const STATEMENTS_MAX = 400;

let nova: Nova;
let second: SecondServer;
let tenant: TestTenant;
let crashes: MoveCrashes;

beforeAll(async () => {
  [nova, second] = await Promise.all([startNova(), startSecondServer()]);
  const added = await runCommand(nova, 'servers', 'add', 'second', '--admin-url', second.adminUrl);
  if (added.code !== 0) throw new Error(added.stderr);
  crashes = new MoveCrashes(nova);
  await central().databaseServer.update({ where: { name: 'second' }, data: { weight: 0 } });
  tenant = await nova.tenant();
  await buildBillingWorld(tenant.api, 'crashing');
  await nova.settle();
});
afterAll(async () => {
  await nova.stop();
  await second.stop();
});

const central = () => crashes.deps.central.db;

async function serverOfTenant(): Promise<string> {
  const { server } = await central().tenantDatabase.findFirstOrThrow({
    where: { tenantId: tenant.tenantId, status: 'active' },
    include: { server: true },
  });
  return server.name;
}

async function customers(): Promise<string[]> {
  const { data } = expectStatus(await tenant.api.get('/customers?limit=100'), 200);
  return data.map(({ id }: { id: string }) => id);
}

describe('a move that is killed', () => {
  it('at any of its statements is finished by the same call again, and nothing is lost or written twice', async () => {
    let [from, to] = ['default', 'second'];
    let expected = await customers();
    let killed = true;
    for (let statement = 1; killed && statement < STATEMENTS_MAX; statement += STRIDE) {
      killed = await crashes.kill(tenant.tenantId, to, statement);
      // Until somebody finishes it, the tenant is served where its database is, or answers that it is being moved.
      const answer = await tenant.api.get('/customers?limit=100');
      expect([200, 503], `statement ${statement}`).toContain(answer.status);
      await crashes.finish(tenant.tenantId, to);
      expect(await serverOfTenant(), `statement ${statement}`).toBe(to);
      const made = expectStatus(await tenant.api.post('/customers', { name: `After ${statement}` }), 201);
      expected = [made.id, ...expected];
      expect(await customers()).toEqual(expected.slice(0, 100));
      const [verified] = await verifyTenants(crashes.deps, { tenantId: tenant.tenantId, modes: ['test'] });
      expect(verified).toMatchObject({ status: 'ok' });
      await confirmMove(crashes.deps, operatorCaller(tenant.tenantId), () => undefined);
      [from, to] = [to, from];
      // The default server takes databases only while nobody places others there.
      await central().databaseServer.update({ where: { name: from }, data: { weight: 0 } });
    }
    expect(killed, 'the last one was not killed any more').toBe(false);
  });
});
