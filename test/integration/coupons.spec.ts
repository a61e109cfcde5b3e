// The same on other servers: a catalogue is rows and rules; customers.spec.ts and invoices.spec.ts take such rows there.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type Api } from '../support/api.js';
import { createMonthlyPlan } from '../support/billing-world.js';
import { startNova, type Nova } from '../support/nova.js';
import { readAllIds } from '../support/pages.js';
import { pointersOf } from '../support/problems.js';

let nova: Nova;
let api: Api;

beforeAll(async () => {
  nova = await startNova();
  api = (await nova.tenant()).api;
});

afterAll(() => nova.stop());

const invalid = { status: 400, code: 'invalid_request' };
const half = { name: 'Half price', kind: 'percentage', percentOff: '50', duration: 'once' };
const fixed = { name: 'Welcome', kind: 'fixed', amountOff: 5_000, currency: 'NGN', duration: 'once' };

const createCoupon = async (input: object) => expectStatus(await api.post('/coupons', input), 201);
const newCustomer = async () =>
  expectStatus(await api.post('/customers', { name: 'A', currency: 'NGN' }), 201).id as string;
const give = async (customerId: string, body: object) => api.post(`/customers/${customerId}/discounts`, body);

describe('coupons', () => {
  it('are made, found by their code, changed and archived', async () => {
    const coupon = await createCoupon({ ...half, code: 'HALF', externalId: 'half', maxRedemptions: 2 });
    expect(coupon).toMatchObject({
      object: 'coupon',
      id: expect.stringMatching(/^cpn_/),
      percentOff: '50',
      amountOff: null,
      appliesTo: null,
      redeemed: 0,
      active: true,
    });
    expect(await readAllIds(api, '/coupons?code=half')).toEqual([coupon.id]);
    const again = await api.post('/coupons', { ...half, code: 'HALF' });
    expect(pointersOf(again, { status: 409, code: 'coupon_code_taken' })).toEqual(['/code']);
    expect(
      pointersOf(await api.post('/coupons', { ...half, externalId: 'half' }), {
        status: 409,
        code: 'external_id_taken',
      }),
    ).toEqual(['/externalId']);
    const archived = expectStatus(await api.patch('/coupons/half', { active: false, code: null }), 200);
    expect(archived).toMatchObject({ active: false, code: null, version: 2 });
    expectStatus(await api.patch('/coupons/half', { name: 'B' }, { 'if-match': '"1"' }), 412);
    await createCoupon({ ...half, code: 'HALF' });
    expectStatus(await api.delete('/coupons/half'), 204);
  });

  it('say what does not fit', async () => {
    const refused = async (input: object) => pointersOf(await api.post('/coupons', input), invalid);
    expect(await refused({ ...half, percentOff: '100.01' })).toEqual(['/percentOff']);
    expect(await refused({ ...half, percentOff: '0.0' })).toEqual(['/percentOff']);
    expect(await refused({ ...half, amountOff: 5, currency: 'NGN' })).toEqual(['/amountOff', '/currency']);
    expect(await refused({ ...fixed, currency: undefined, percentOff: '5' })).toEqual([
      '/currency',
      '/percentOff',
    ]);
    expect(await refused({ ...half, duration: 'repeating' })).toEqual(['/periods']);
    expect(await refused({ ...half, redeemBy: '2001-01-01T00:00:00Z' })).toEqual(['/redeemBy']);
    expect(await refused({ ...half, appliesTo: {} })).toEqual(['/appliesTo']);
    const { plan, price } = await createMonthlyPlan(api, 'limited');
    const foreign = { ...fixed, currency: 'KES', appliesTo: { priceIds: [price.id] } };
    expect(await refused(foreign)).toEqual(['/appliesTo/priceIds/0']);
    const unknown = await api.post('/coupons', { ...half, appliesTo: { planIds: [plan.id, 'nothing'] } });
    expect(pointersOf(unknown, { status: 404, code: 'not_found' })).toEqual(['/appliesTo/planIds/1']);
    const limited = await createCoupon({ ...half, appliesTo: { planIds: [plan.id], priceIds: [price.id] } });
    expect(limited.appliesTo).toEqual({ planIds: [plan.id], priceIds: [price.id] });
  });
});

describe('giving a coupon to a customer', () => {
  it('is done by id or by what was typed, and taken back', async () => {
    const coupon = await createCoupon({ ...fixed, code: 'WELCOME-1' });
    const customerId = await newCustomer();
    const discount = expectStatus(await give(customerId, { couponCode: ' welcome-1 ' }), 201);
    expect(discount).toMatchObject({
      object: 'discount',
      customerId,
      subscriptionId: null,
      coupon: { id: coupon.id, redeemed: 1 },
      status: 'active',
      amountLeft: 5_000,
      periodsUsed: 0,
    });
    const again = await give(customerId, { couponId: coupon.id });
    expect(pointersOf(again, { status: 409, code: 'coupon_already_applied' })).toEqual(['/couponId']);
    expect(expectStatus(await api.delete(`/coupons/${coupon.id}`), 409).code).toBe('coupon_in_use');
    const path = `/customers/${customerId}/discounts`;
    expectStatus(await api.delete(`${path}/${discount.id}`), 204);
    expectStatus(await api.delete(`${path}/${discount.id}`), 204);
    expect(expectStatus(await api.get(`${path}?status=removed`), 200).data).toMatchObject([
      { id: discount.id, endedAt: expect.any(String) },
    ]);
    expectStatus(await api.delete(`/customers/${await newCustomer()}/discounts/${discount.id}`), 404);
    expectStatus(await give(customerId, { couponId: coupon.id }), 201);
    expect(await readAllIds(api, `${path}?limit=1&sort=createdAt`)).toHaveLength(2);
  });

  it('can be for one subscription, in its currency', async () => {
    const customerId = await newCustomer();
    const { plan } = await createMonthlyPlan(api, 'discounted');
    const body = { customerId, planId: plan.id, collectionMethod: 'send_invoice' };
    const { id: subscriptionId } = expectStatus(await api.post('/subscriptions', body), 201);
    const kes = await createCoupon({ ...fixed, currency: 'KES' });
    const mismatch = await give(customerId, { couponId: kes.id, subscriptionId });
    expect(pointersOf(mismatch, invalid)).toEqual(['/couponId']);
    expect(expectStatus(await api.get(`/coupons/${kes.id}`), 200).redeemed).toBe(0);
    const ngn = await createCoupon(fixed);
    expectStatus(await give(customerId, { couponId: ngn.id, subscriptionId }), 201);
    expectStatus(await give(customerId, { couponId: ngn.id }), 201);
    expect(
      await readAllIds(api, `/customers/${customerId}/discounts?subscription=${subscriptionId}`),
    ).toHaveLength(1);
    const foreign = await give(await newCustomer(), { couponId: ngn.id, subscriptionId });
    expect(pointersOf(foreign, { status: 404, code: 'not_found' })).toEqual(['/subscriptionId']);
  });

  it('needs one that can be redeemed', async () => {
    const customerId = await newCustomer();
    expect(pointersOf(await give(customerId, {}), invalid)).toEqual(['/couponId']);
    expect(
      pointersOf(await give(customerId, { couponCode: 'NO-SUCH' }), { status: 404, code: 'not_found' }),
    ).toEqual(['/couponCode']);
    const coupon = await createCoupon(half);
    expectStatus(await api.patch(`/coupons/${coupon.id}`, { active: false }), 200);
    expect(expectStatus(await give(customerId, { couponId: coupon.id }), 409)).toMatchObject({
      code: 'coupon_not_redeemable',
      detail: expect.stringContaining('archived'),
    });
  });

  it('never happens more often than its limit, however many ask at once', async () => {
    const coupon = await createCoupon({ ...half, code: 'ONLY3', maxRedemptions: 3 });
    const customers = await Promise.all(Array.from({ length: 8 }, newCustomer));
    const asked = await Promise.all(customers.map((id) => give(id, { couponCode: 'ONLY3' })));
    expect(asked.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
      201, 201, 201, 409, 409, 409, 409, 409,
    ]);
    expect(expectStatus(await api.get(`/coupons/${coupon.id}`), 200).redeemed).toBe(3);
    const fewer = await api.patch(`/coupons/${coupon.id}`, { maxRedemptions: 2 });
    expect(pointersOf(fewer, invalid)).toEqual(['/maxRedemptions']);

    const twice = await createCoupon(half);
    const customerId = await newCustomer();
    const both = await Promise.all([1, 2, 3].map(() => give(customerId, { couponId: twice.id })));
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
    expect(expectStatus(await api.get(`/coupons/${twice.id}`), 200).redeemed).toBe(1);
  });
});
