// The same on other servers: a catalogue is rows and rules; customers.spec.ts and invoices.spec.ts take such rows there.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { expectStatus, type Api } from '../support/api.js';
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
const exists = { status: 409, code: 'tax_rate_exists' };
const vat = { code: 'VAT', name: 'VAT', rate: '7.50' };
const nigeria = { name: 'Nigeria VAT', country: 'NG', components: [vat] };

describe('tax rates', () => {
  it('are of one place and category at a time', async () => {
    const rate = expectStatus(await api.post('/tax-rates', { ...nigeria, externalId: 'ng' }), 201);
    expect(rate).toMatchObject({
      object: 'tax_rate',
      id: expect.stringMatching(/^tax_/),
      region: null,
      category: 'standard',
      components: [{ ...vat, rate: '7.5', compound: false, validFrom: null, validTo: null }],
      active: true,
    });
    expect(pointersOf(await api.post('/tax-rates', nigeria), exists)).toEqual(['/country']);
    expectStatus(await api.post('/tax-rates', { ...nigeria, region: 'Lagos' }), 201);
    expect(pointersOf(await api.post('/tax-rates', { ...nigeria, region: 'Lagos' }), exists)).toEqual([
      '/region',
    ]);
    expectStatus(await api.post('/tax-rates', { ...nigeria, category: 'food' }), 201);

    expectStatus(await api.patch('/tax-rates/ng', { active: false }, { 'if-match': '"1"' }), 200);
    const next = expectStatus(await api.post('/tax-rates', nigeria), 201);
    expect(pointersOf(await api.patch('/tax-rates/ng', { active: true }), exists)).toEqual(['/active']);
    expect(await readAllIds(api, '/tax-rates?active=false&country=NG')).toEqual([rate.id]);
    expectStatus(await api.delete(`/tax-rates/${next.id}`), 204);
    expectStatus(await api.patch('/tax-rates/ng', { active: true }), 200);
  });

  it('change with the law, from a day on', async () => {
    const rate = expectStatus(await api.post('/tax-rates', { ...nigeria, country: 'UG' }), 201);
    const components = [
      { ...vat, rate: '18', compound: false, validFrom: null, validTo: '2027-01-01' },
      { ...vat, rate: '20', compound: false, validFrom: '2027-01-01', validTo: null },
    ];
    const path = `/tax-rates/${rate.id}`;
    expect(expectStatus(await api.patch(path, { components }), 200).components).toEqual(components);
    const refused = async (...list: object[]) =>
      pointersOf(await api.patch(path, { components: list }), invalid);
    expect(await refused(vat, { ...vat, code: 'LEVY', rate: '100.1' })).toEqual(['/components/1/rate']);
    expect(await refused(vat, vat)).toEqual(['/components/1/validFrom']);
    expect(await refused({ ...vat, validFrom: '2027-01-01', validTo: '2027-01-01' })).toEqual([
      '/components/0/validTo',
    ]);
    expect(await refused({ ...vat, rate: '-1' }, { ...vat, code: 'vat' })).toEqual([
      '/components/0/rate',
      '/components/1/code',
    ]);
  });

  it('come from presets, once a country', async () => {
    const { data } = expectStatus(await api.get('/tax-rates/presets'), 200);
    const countries = data.map(({ country }: { country: string }) => country);
    expect(countries).toEqual(expect.arrayContaining(['NG', 'KE', 'ZA', 'GH']));
    const asked = await Promise.all([1, 2, 3].map(() => api.post('/tax-rates/presets', { country: 'GH' })));
    const [ghana, ...others] = asked.map((response) => expectStatus(response, 200));
    for (const other of others) expect(other).toEqual(ghana);
    expect(ghana.components).toContainEqual({
      code: 'VAT',
      name: 'VAT',
      rate: '15',
      compound: true,
      validFrom: null,
      validTo: '2026-01-01',
    });
    expect(pointersOf(await api.post('/tax-rates/presets', { country: 'FR' }), invalid)).toEqual([
      '/country',
    ]);
  });
});

describe('how a customer is taxed and invoiced', () => {
  it('is said when it is made and changed later', async () => {
    const plain = expectStatus(await api.post('/customers', { name: 'A' }), 201);
    expect(plain).toMatchObject({
      region: null,
      taxStatus: 'taxable',
      taxReason: null,
      invoicing: 'separate',
    });
    const exempt = {
      taxStatus: 'exempt',
      taxReason: 'Certificate 17',
      region: 'Lagos',
      invoicing: 'together',
    };
    expect(expectStatus(await api.post('/customers', { name: 'B', ...exempt }), 201)).toMatchObject(exempt);
    const path = `/customers/${plain.id}`;
    const changed = expectStatus(await api.patch(path, { taxStatus: 'reverse_charge', region: 'Kano' }), 200);
    expect(changed).toMatchObject({ taxStatus: 'reverse_charge', region: 'Kano', invoicing: 'separate' });
    expect(pointersOf(await api.patch(path, { taxStatus: null, invoicing: 'both' }), invalid)).toEqual([
      '/invoicing',
      '/taxStatus',
    ]);
  });
});
