import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type Api } from '../support/api.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';
import { pointersOf } from '../support/problems.js';

let nova: Nova;
let tenant: TestTenant;
let api: Api;

beforeAll(async () => {
  nova = await startNova();
  tenant = await nova.tenant();
  api = tenant.api;
});

afterAll(() => nova.stop());

const newCustomer = async () =>
  expectStatus(await api.post('/customers', { name: 'Payer' }), 201).id as string;
const attach = async (customerId: string, token = 'pm_sandbox_success') =>
  expectStatus(await api.post(`/customers/${customerId}/payment-methods`, { token }), 201);
const attachedTo = async (customerId: string): Promise<{ id: string; isDefault: boolean }[]> =>
  expectStatus(await api.get(`/customers/${customerId}/payment-methods?sort=createdAt`), 200).data;
const defaultsOf = async (customerId: string) =>
  (await attachedTo(customerId)).filter(({ isDefault }) => isDefault).map(({ id }) => id);

describe('payment methods', () => {
  it('are attached by a token of the sandbox, the first one as the default', async () => {
    const customerId = await newCustomer();
    const tokens = ['success', 'declined', 'insufficient_funds', 'pending_success', 'pending_failure'];
    const methods = [];
    for (const token of tokens) methods.push(await attach(customerId, `pm_sandbox_${token}`));
    expect(methods[0]).toEqual({
      object: 'payment_method',
      id: expect.stringMatching(/^pm_[0-9a-z]{26}$/),
      customerId,
      provider: 'sandbox',
      kind: 'card',
      label: 'Sandbox card that succeeds',
      isDefault: true,
      createdAt: expect.any(String),
    });
    expect(await attachedTo(customerId)).toEqual(methods);
    expect(methods.map(({ isDefault }) => isDefault)).toEqual([true, false, false, false, false]);
    expect(expectStatus(await api.get(`/payment-methods/${methods[1].id}`), 200)).toEqual(methods[1]);
  });

  it('are documented with their tokens', async () => {
    const document = expectStatus(await nova.anonymous.get('/openapi.json'), 200);
    const { description } = document.paths['/api/customers/{id}/payment-methods'].post;
    for (const token of ['success', 'declined', 'insufficient_funds', 'pending_success', 'pending_failure']) {
      expect(description).toContain(`\`pm_sandbox_${token}\``);
    }
  });

  it.each([['pm_card_visa'], ['PM_SANDBOX_SUCCESS'], [''], [7], [null]])(
    'are not attached by %o',
    async (token) => {
      const response = await api.post(`/customers/${await newCustomer()}/payment-methods`, { token });
      expect(pointersOf(response, { status: 400, code: 'invalid_request' })).toEqual(['/token']);
    },
  );

  it('have one default, also when several are attached at once', async () => {
    const customerId = await newCustomer();
    await Promise.all(Array.from({ length: 5 }, () => attach(customerId)));
    expect(await defaultsOf(customerId)).toHaveLength(1);
    const methods = await attachedTo(customerId);
    expect(methods).toHaveLength(5);
    await Promise.all(
      methods.map(async ({ id }) => expectStatus(await api.post(`/payment-methods/${id}/default`), 200)),
    );
    expect(await defaultsOf(customerId)).toHaveLength(1);
  });

  it('make way for another default, again and again with the same result', async () => {
    const customerId = await newCustomer();
    await attach(customerId);
    const second = await attach(customerId);
    for (let n = 0; n < 2; n++) {
      const made = expectStatus(await api.post(`/payment-methods/${second.id}/default`), 200);
      expect(made).toEqual({ ...second, isDefault: true });
      expect(await defaultsOf(customerId)).toEqual([second.id]);
    }
  });

  it('are gone once detached, and the newest other one becomes the default', async () => {
    const customerId = await newCustomer();
    const [first, , third] = [await attach(customerId), await attach(customerId), await attach(customerId)];
    expectStatus(await api.delete(`/payment-methods/${first.id}`), 204);
    expectStatus(await api.get(`/payment-methods/${first.id}`), 404);
    expectStatus(await api.delete(`/payment-methods/${first.id}`), 404);
    expectStatus(await api.post(`/payment-methods/${first.id}/default`), 404);
    expect(await defaultsOf(customerId)).toEqual([third.id]);
    for (const { id } of await attachedTo(customerId))
      expectStatus(await api.delete(`/payment-methods/${id}`), 204);
    expect(await attachedTo(customerId)).toEqual([]);
    expect((await attach(customerId)).isDefault).toBe(true);
  });

  it.each(['pm_01ke4v7m2qf7ct3xv0ab9d8h6r', 'nothing'])('have none of the id %s', async (id) => {
    expectStatus(await api.get(`/payment-methods/${id}`), 404);
    expectStatus(await api.delete(`/payment-methods/${id}`), 404);
  });

  it('belong to one tenant', async () => {
    const customerId = await newCustomer();
    const { id } = await attach(customerId);
    const other = (await nova.tenant()).api;
    expectStatus(await other.get(`/payment-methods/${id}`), 404);
    expectStatus(await other.delete(`/payment-methods/${id}`), 404);
    expectStatus(await other.post(`/payment-methods/${id}/default`), 404);
    expectStatus(await other.get(`/customers/${customerId}/payment-methods`), 404);
    expectStatus(
      await other.post(`/customers/${customerId}/payment-methods`, { token: 'pm_sandbox_success' }),
      404,
    );
  });

  it('of the sandbox cannot be attached in live mode', async () => {
    const key = expectStatus(
      await tenant.user.post('/tenants/me/api-keys', { name: 'live', mode: 'live' }),
      201,
    );
    const live = nova.as(key.key);
    const customer = expectStatus(await live.post('/customers', { name: 'Live' }), 201);
    const refused = { status: 409, code: 'provider_not_configured' };
    const attached = await live.post(`/customers/${customer.id}/payment-methods`, {
      token: 'pm_sandbox_success',
    });
    expect(pointersOf(attached, refused)).toEqual(['/token']);
    const created = await live.post('/customers', { name: 'B', paymentMethodToken: 'pm_sandbox_success' });
    expect(pointersOf(created, refused)).toEqual(['/paymentMethodToken']);
    expect(expectStatus(await live.get('/customers'), 200).data).toHaveLength(1);
  });
});
