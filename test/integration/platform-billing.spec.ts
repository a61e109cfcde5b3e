import { CentralDatabase } from '@nova/core/tenancy/central/central-database.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus } from '../support/api.js';
import { startNova, type Nova } from '../support/nova.js';

let nova: Nova;
let central: CentralDatabase;

beforeAll(async () => {
  nova = await startNova({ env: { PLATFORM_BILLING: 'on' } });
  central = nova.app.get(CentralDatabase, { strict: false });
});

afterAll(() => nova.stop());

const entitlementsOf = (tenantId: string) =>
  central.db.tenantEntitlement.findMany({ where: { tenantId }, orderBy: { feature: 'asc' } });

describe('the platform’s own tenant', () => {
  it('is made once, and enrols whoever registers', async () => {
    const acme = await nova.tenant();
    await expect.poll(() => central.db.tenant.count({ where: { kind: 'platform' } })).toBe(1);
    await expect.poll(async () => (await entitlementsOf(acme.tenantId)).length).toBe(5);
    expect(await entitlementsOf(acme.tenantId)).toMatchObject([
      { feature: 'api_rate', planName: 'Starter' },
      {},
      {},
      {},
      {},
    ]);
  });
});
