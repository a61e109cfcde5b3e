import type { DisputeStatus } from '@nova/core/domain/payments/dispute-state.js';
import { recordDispute } from '@nova/core/features/disputes/record-dispute.js';
import { TenantContexts } from '@nova/core/tenancy/context/tenant-contexts.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type ApiResponse, expectStatus } from '../support/api.js';
import { buildBillingWorld, type BillingWorld } from '../support/billing-world.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';

let nova: Nova;
let acme: TestTenant;
let shop: BillingWorld;

beforeAll(async () => {
  nova = await startNova();
  acme = await nova.tenant();
  shop = await buildBillingWorld(acme.api, 'disputed');
});

afterAll(() => nova.stop());

/** Has the provider of the world's payment tell how a dispute stands. */
async function tell(providerDisputeId: string, status: DisputeStatus): Promise<void> {
  const { reference } = expectStatus(await acme.api.get(`/payments/${shop.paymentId}`), 200);
  const contexts = nova.app.get(TenantContexts, { strict: false });
  const actor = { type: 'system', id: 'spec' } as const;
  const whose = { tenantId: acme.tenantId, mode: 'test', actor, requestId: null } as const;
  const news = { providerDisputeId, status, reference, provider: 'sandbox', providerPaymentId: null };
  await contexts.run(whose, (ctx) =>
    ctx.transaction((tx) =>
      recordDispute(ctx, tx, { ...news, reason: 'fraudulent', amount: null, currency: null, dueBy: null }),
    ),
  );
}

const listed = async (query: string): Promise<ApiResponse['body'][]> =>
  expectStatus(await acme.api.get(`/disputes?${query}`), 200).data;

async function eventsOf(id: string): Promise<string[]> {
  const { data } = expectStatus(await acme.api.get(`/events?objectId=${id}&sort=createdAt`), 200);
  return data.map(({ type }: { type: string }) => type);
}

describe('disputes', () => {
  it('are of their payment and its customer, and are told of once a step', async () => {
    for (const status of ['open', 'open', 'under_review', 'won'] as const) await tell('du_1', status);
    const [dispute, ...others] = await listed(`payment=${shop.paymentId}`);
    expect(others).toEqual([]);
    expect(dispute).toMatchObject({
      status: 'won',
      paymentId: shop.paymentId,
      amount: 1_500_000,
      currency: 'NGN',
    });
    expect(await listed(`customer=${shop.customerId}&status=won`)).toEqual([dispute]);
    expect(await listed('status=lost')).toEqual([]);
    expect(expectStatus(await acme.api.get(`/disputes/${dispute.id}`), 200)).toEqual(dispute);
    expect(await eventsOf(dispute.id)).toEqual(['dispute.created', 'dispute.updated', 'dispute.closed']);
  });

  it('stay as they were decided, in whatever order they are told', async () => {
    await Promise.all((['lost', 'open', 'under_review'] as const).map((status) => tell('du_2', status)));
    for (const status of ['open', 'won'] as const) await tell('du_2', status);
    const [dispute] = await listed('status=lost');
    expect(dispute).toMatchObject({ providerDisputeId: 'du_2', closedAt: expect.any(String) });
    expect((await eventsOf(dispute.id)).filter((type) => type !== 'dispute.updated')).toEqual([
      'dispute.created',
      'dispute.closed',
    ]);
  });
});
