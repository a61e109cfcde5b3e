import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type Api } from '../support/api.js';
import { createMonthlyPlan } from '../support/billing-world.js';
import { startNova, type Nova, type TestTenant } from '../support/nova.js';
import { readAllIds } from '../support/pages.js';
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

const create = async (input: object = {}) =>
  expectStatus(await api.post('/customers', { name: 'Mama Njeri Bakery', ...input }), 201);
const invalid = { status: 400, code: 'invalid_request' };

const full = {
  name: 'Mama Njeri Bakery',
  externalId: 'bakery:17',
  email: 'accounts@mamanjeri.example',
  phone: '+254712345678',
  currency: 'KES',
  country: 'KE',
  timeZone: 'Africa/Nairobi',
  region: 'Nairobi',
  taxId: 'P051234567X',
  taxStatus: 'exempt',
  taxReason: 'Certificate 17 of 2026',
  invoicing: 'together',
  address: { line1: '7 Moi Avenue', city: 'Nairobi', country: 'KE' },
  metadata: { branch: 'Westlands', clé: 'ключ' },
};

describe('creating a customer', () => {
  it('answers what was sent, under our id and the external id', async () => {
    const customer = await create(full);
    expect(customer).toEqual({
      ...full,
      dunningPolicyId: null,
      object: 'customer',
      id: expect.stringMatching(/^cus_[0-9a-z]{26}$/),
      version: 1,
      createdAt: expect.stringMatching(/^\d{4}-.*Z$/),
      updatedAt: customer.createdAt,
    });
    expect(expectStatus(await api.get(`/customers/${customer.id}`), 200)).toEqual(customer);
    expect(expectStatus(await api.get('/customers/bakery:17'), 200)).toEqual(customer);
    expect(expectStatus(await api.get('/customers/bakery%3A17'), 200)).toEqual(customer);
  });

  it('needs only a name, and says null of the rest', async () => {
    const absent = ['externalId', 'email', 'phone', 'currency', 'country', 'timeZone', 'taxId', 'address'];
    expect(await create()).toMatchObject(Object.fromEntries(absent.map((key) => [key, null])));
    expect((await create({ address: {} })).address).toBeNull();
  });

  it('points at everything that is wrong', async () => {
    const response = await api.post('/customers', {
      name: ' ',
      externalId: 'cus_mine',
      email: 'no address',
      phone: '0712345678',
      currency: 'kes',
      country: 'Kenya',
      timeZone: 'Africa/Nowhere',
      address: { line1: 'a\nb', planet: 'Mars' },
      metadata: { a: 1 },
      colour: 'red',
    });
    const refused = pointersOf(response, invalid);
    expect(refused).toEqual([
      '/address/line1',
      '/address/planet',
      '/colour',
      '/country',
      '/currency',
      '/email',
      '/externalId',
      '/metadata/a',
      '/name',
      '/phone',
      '/timeZone',
    ]);
  });

  it.each([
    ['51 keys', Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, ''])), '/metadata'],
    ['a key of 41 characters', { ['k'.repeat(41)]: '' }, `/metadata/${'k'.repeat(41)}`],
    ['a value of 501 characters', { k: 'v'.repeat(501) }, '/metadata/k'],
    ['NUL', { k: 'a\u0000b' }, '/metadata/k'],
  ])('refuses metadata with %s', async (_, metadata, pointer) => {
    expect(pointersOf(await api.post('/customers', { name: 'A', metadata }), invalid)).toEqual([pointer]);
  });

  it('takes metadata up to its limits', async () => {
    const metadata = Object.fromEntries(
      Array.from({ length: 50 }, (_, n) => [`${n}`.padStart(40, 'k'), 'v'.repeat(500)]),
    );
    expect((await create({ metadata })).metadata).toEqual(metadata);
  });

  it('gives an external id to one of many who ask at once', async () => {
    const asked = await Promise.all(
      Array.from({ length: 6 }, () => api.post('/customers', { name: 'A', externalId: 'wanted' })),
    );
    const refused = asked.filter(({ status }) => status !== 201);
    expect(refused).toHaveLength(5);
    for (const response of refused) {
      expect(pointersOf(response, { status: 409, code: 'external_id_taken' })).toEqual(['/externalId']);
    }
  });

  it('attaches a payment method in the same step, or makes nothing', async () => {
    const customer = await create({ paymentMethodToken: 'pm_sandbox_success' });
    const methods = expectStatus(await api.get(`/customers/${customer.id}/payment-methods`), 200);
    expect(methods.data).toMatchObject([{ customerId: customer.id, isDefault: true }]);

    const before = await readAllIds(api, '/customers?limit=100');
    const response = await api.post('/customers', { name: 'A', paymentMethodToken: 'pm_card_visa' });
    expect(pointersOf(response, invalid)).toEqual(['/paymentMethodToken']);
    expect(await readAllIds(api, '/customers?limit=100')).toEqual(before);
  });
});

describe('reading customers', () => {
  it.each(['cus_01ke4v7m2qf7ct3xv0ab9d8h6r', 'cus_', 'nobody', '..%2f', 'x'.repeat(200)])(
    'knows no %s',
    async (id) => {
      for (const response of [
        await api.get(`/customers/${id}`),
        await api.patch(`/customers/${id}`, { name: 'B' }),
        await api.delete(`/customers/${id}`),
      ]) {
        expect(expectStatus(response, 404).code).toBe('not_found');
      }
    },
  );

  it('hides them from another tenant', async () => {
    const other = (await nova.tenant()).api;
    const customer = await create({ externalId: 'private' });
    for (const id of [customer.id, 'private']) {
      expectStatus(await other.get(`/customers/${id}`), 404);
      expectStatus(await other.patch(`/customers/${id}`, { name: 'Mine' }), 404);
      expectStatus(await other.delete(`/customers/${id}`), 404);
    }
    expect(expectStatus(await other.get('/customers?externalId=private'), 200).data).toEqual([]);
    expectStatus(await other.post('/customers', { name: 'A', externalId: 'private' }), 201);
  });

  it('filters by e-mail, external id and time', async () => {
    const own = (await nova.tenant()).api;
    const make = async (input: object) =>
      expectStatus(await own.post('/customers', { name: 'A', ...input }), 201);
    const ada = await make({ email: 'ada+x@shop.example', externalId: 'ada' });
    const obi = await make({ email: 'obi@shop.example' });
    const ids = (query: string) => readAllIds(own, `/customers?${query}`);
    expect(await ids('email=ada%2Bx@shop.example')).toEqual([ada.id]);
    expect(await ids('externalId=ada')).toEqual([ada.id]);
    expect(await ids('externalId=ada&email=obi@shop.example')).toEqual([]);
    expect(await ids(`createdAt[gt]=${ada.createdAt}`)).toEqual([obi.id]);
    expect(await ids(`createdAt[lte]=${ada.createdAt}&sort=createdAt`)).toEqual([ada.id]);
  });

  it.each([
    ['limit=0', '?limit'],
    ['limit=101', '?limit'],
    ['colour=red', '?colour'],
    ['sort=name', '?sort'],
    ['createdAt[gte]=yesterday', '?createdAt[gte]'],
    ['email=nobody', '?email'],
  ])('refuses the query %s', async (query, pointer) => {
    expect(pointersOf(await api.get(`/customers?${query}`), invalid)).toEqual([pointer]);
  });

  it('refuses a cursor that is not ours', async () => {
    expect(expectStatus(await api.get('/customers?cursor=abc'), 400).code).toBe('invalid_cursor');
  });

  it.each(['createdAt', '-createdAt'])(
    'pages by %s without skip or duplicate while others are made',
    async (sort) => {
      const own = (await nova.tenant()).api;
      const make = async () => expectStatus(await own.post('/customers', { name: 'A' }), 201).id as string;
      const before: string[] = [];
      for (let n = 0; n < 11; n++) before.push(await make());
      const seen = await readAllIds(own, `/customers?limit=3&sort=${sort}`, () =>
        before.length < 14 ? make().then((id) => before.push(id)) : Promise.resolve(),
      );
      expect(new Set(seen).size).toBe(seen.length);
      // Who reads forward meets those that were made meanwhile; who reads back does not.
      expect(seen).toEqual(sort === 'createdAt' ? before : before.slice(0, 11).toReversed());
    },
  );
});

describe('changing a customer', () => {
  it('merges: what is named changes, null clears, the rest stays', async () => {
    const customer = await create({ ...full, externalId: 'merge' });
    const changed = expectStatus(
      await api.patch('/customers/merge', {
        email: null,
        address: { line1: null, line2: 'Second floor' },
        metadata: { branch: null, floor: '2' },
      }),
      200,
    );
    expect(changed).toEqual({
      ...customer,
      email: null,
      address: { line2: 'Second floor', city: 'Nairobi', country: 'KE' },
      metadata: { clé: 'ключ', floor: '2' },
      version: 2,
      updatedAt: changed.updatedAt,
    });
    expect(expectStatus(await api.patch('/customers/merge', { address: null }), 200).address).toBeNull();
    const whole = { address: { city: 'Kisumu' }, externalId: null };
    expect(expectStatus(await api.patch(`/customers/${customer.id}`, whole), 200)).toMatchObject(whole);
    expectStatus(await api.get('/customers/merge'), 404);
  });

  it('refuses what it refuses at the start, and a name that is cleared', async () => {
    const { id } = await create();
    const response = await api.patch(`/customers/${id}`, { name: null, currency: 'JPY', id: 'cus_x' });
    expect(pointersOf(response, invalid)).toEqual(['/currency', '/id', '/name']);
  });

  it('counts the keys that the metadata would have', async () => {
    const keys = (from: number, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${from + n}`, 'v']));
    const { id } = await create({ metadata: keys(0, 50) });
    expect(pointersOf(await api.patch(`/customers/${id}`, { metadata: { more: 'v' } }), invalid)).toEqual([
      '/metadata',
    ]);
    expectStatus(await api.patch(`/customers/${id}`, { metadata: { k0: null, more: 'v' } }), 200);
  });

  it('refuses the external id of another', async () => {
    await create({ externalId: 'first' });
    const { id } = await create({ externalId: 'second' });
    const response = await api.patch(`/customers/${id}`, { externalId: 'first' });
    expect(pointersOf(response, { status: 409, code: 'external_id_taken' })).toEqual(['/externalId']);
    expectStatus(await api.patch(`/customers/${id}`, { externalId: 'second' }), 200);
  });

  it('lets one of those win who change the same version at once', async () => {
    const { id } = await create();
    const read = await api.get(`/customers/${id}`);
    expect(read.headers.get('etag')).toBe('"1"');
    const changes = await Promise.all(
      Array.from({ length: 5 }, (_, n) =>
        api.patch(`/customers/${id}`, { name: `Name ${n}` }, { 'if-match': '"1"' }),
      ),
    );
    expect(changes.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 412, 412, 412, 412]);
    expect(changes.find(({ status }) => status === 200)?.headers.get('etag')).toBe('"2"');
    expectStatus(await api.delete(`/customers/${id}`, { 'if-match': '"1"' }), 412);
    expectStatus(await api.delete(`/customers/${id}`, { 'if-match': '"2"' }), 204);
  });
});

describe('deleting a customer', () => {
  it('hides it, detaches its payment methods and frees its external id', async () => {
    const customer = await create({ externalId: 'leaving', paymentMethodToken: 'pm_sandbox_success' });
    const methods = expectStatus(await api.get('/customers/leaving/payment-methods'), 200);
    expect((await api.delete('/customers/leaving')).bytes).toHaveLength(0);
    expectStatus(await api.get(`/customers/${customer.id}`), 404);
    expectStatus(await api.delete(`/customers/${customer.id}`), 404);
    expectStatus(await api.get(`/payment-methods/${methods.data[0].id}`), 404);
    expectStatus(await api.post('/invoices', { customerId: customer.id, currency: 'KES' }), 404);
    expect(await readAllIds(api, '/customers?limit=100')).not.toContain(customer.id);
    expect((await create({ externalId: 'leaving' })).id).not.toBe(customer.id);
  });

  it('is refused until its subscription has ended and its invoices are settled', async () => {
    const { id } = await create({ currency: 'NGN' });
    const { plan } = await createMonthlyPlan(api, 'deletion');
    const subscription = expectStatus(
      await api.post('/subscriptions', { customerId: id, planId: plan.id, collectionMethod: 'send_invoice' }),
      201,
    );
    const refusal = async () => expectStatus(await api.delete(`/customers/${id}`), 409);
    expect(await refusal()).toMatchObject({
      code: 'customer_in_use',
      detail: expect.stringContaining(subscription.id),
    });

    expectStatus(await api.post(`/subscriptions/${subscription.id}/cancel`, { timing: 'immediate' }), 200);
    expect((await refusal()).detail).toContain(subscription.latestInvoiceId);

    expectStatus(await api.post(`/invoices/${subscription.latestInvoiceId}/mark-paid`, {}), 200);
    expectStatus(await api.delete(`/customers/${id}`), 204);
    const invoice = expectStatus(await api.get(`/invoices/${subscription.latestInvoiceId}`), 200);
    expect(invoice).toMatchObject({ customerId: id, status: 'paid', buyer: { name: 'Mama Njeri Bakery' } });
  });

  it('and subscribing it at once never both succeed', async () => {
    const { plan } = await createMonthlyPlan(api, 'race');
    for (let n = 0; n < 5; n++) {
      const { id } = await create({ currency: 'NGN' });
      const [subscribed, deleted] = await Promise.all([
        api.post('/subscriptions', { customerId: id, planId: plan.id, collectionMethod: 'send_invoice' }),
        api.delete(`/customers/${id}`),
      ]);
      expect([
        [201, 409],
        [404, 204],
      ]).toContainEqual([subscribed.status, deleted.status]);
    }
  });
});
