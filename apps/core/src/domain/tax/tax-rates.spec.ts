import { describe, expect, it } from 'vitest';

import { toDecimal } from '../money/decimal.js';
import { computeTaxes } from './compute-taxes.js';
import { COUNTRY_TAX_PRESETS, taxPresetOf } from './country-presets.js';
import { choosePresentTaxRate, componentsInForce, rememberTaxes, taxOfSupply } from './tax-rates.js';
import type { TaxRate, TaxRow } from './tax-types.js';

function rate(country: string, region: string | null, category: string): TaxRate {
  return { country, region, category, components: [] };
}

describe('choosePresentTaxRate', () => {
  const country = rate('NG', null, 'standard');
  const food = rate('NG', null, 'food');
  const lagos = rate('NG', 'LA', 'standard');
  const lagosFood = rate('NG', 'LA', 'food');
  const all = [country, food, lagos, lagosFood, rate('KE', null, 'standard')];

  it.each([
    ['the country’s', all, { region: null, category: 'standard' }, country],
    ['the region’s before the country’s', all, { region: 'LA', category: 'standard' }, lagos],
    ['the region’s for the category', all, { region: 'LA', category: 'food' }, lagosFood],
    ['the category’s before the standard', all, { region: 'KN', category: 'food' }, food],
    ['the standard for a category without a rate', all, { region: null, category: 'books' }, country],
    ['the place before the category', [food, lagos], { region: 'LA', category: 'food' }, lagos],
    ['the first among equals', [country, { ...country }], { region: null, category: 'standard' }, country],
  ])('takes %s', (_what, rates, supply, chosen) => {
    expect(choosePresentTaxRate(rates, { country: 'NG', ...supply })).toBe(chosen);
    if (rates === all) {
      expect(choosePresentTaxRate([...rates].reverse(), { country: 'NG', ...supply })).toBe(chosen);
    }
  });

  it('finds none elsewhere, nor of another region or category', () => {
    expect(choosePresentTaxRate(all, { country: 'GH', region: null, category: 'standard' })).toBeUndefined();
    const special = [rate('NG', 'KN', 'standard'), rate('NG', null, 'food')];
    expect(
      choosePresentTaxRate(special, { country: 'NG', region: 'LA', category: 'standard' }),
    ).toBeUndefined();
  });
});

/** The taxes of a price of 100.00 by a country's preset. */
function presetRows(country: string, date: string): readonly TaxRow[] {
  const supply = { country, region: null, category: 'standard' };
  const tax = taxOfSupply({ rates: COUNTRY_TAX_PRESETS, supply, treatment: 'taxable', date });
  return computeTaxes([{ amount: 10_000n, behavior: 'exclusive', tax }]).rows;
}

describe('presets', () => {
  it.each([
    ['NG', 'Nigeria VAT', 750n],
    ['KE', 'Kenya VAT', 1600n],
    ['ZA', 'South Africa VAT', 1500n],
    ['UG', 'Uganda VAT', 1800n],
    ['TZ', 'Tanzania VAT', 1800n],
    ['RW', 'Rwanda VAT', 1800n],
    ['EG', 'Egypt VAT', 1400n],
    ['MA', 'Morocco VAT', 2000n],
    ['ET', 'Ethiopia VAT', 1500n],
    ['DZ', 'Algeria VAT', 1900n],
    ['ZM', 'Zambia VAT', 1600n],
    ['SN', 'Senegal VAT', 1800n],
    ['CI', 'Côte d’Ivoire VAT', 1800n],
  ])('%s, “%s”, takes %s of 100.00 as VAT', (country, name, amount) => {
    expect(taxPresetOf(country)?.name).toBe(name);
    const rows = presetRows(country, '2026-06-01');
    expect(rows).toMatchObject([{ code: 'VAT', name: 'VAT', base: 10_000n, amount }]);
  });

  it('of Ghana takes 21.9 % with its levies, and 20 % since 2026', () => {
    expect(taxPresetOf('GH')?.name).toBe('Ghana VAT and levies');
    const printed = (date: string) => presetRows('GH', date).map(({ name, amount }) => [name, amount]);
    expect(printed('2025-12-31')).toEqual([
      ['NHIL', 250n],
      ['GETFund levy', 250n],
      ['COVID-19 levy', 100n],
      ['VAT', 1590n],
    ]);
    expect(printed('2026-01-01')).toEqual([
      ['VAT', 1500n],
      ['NHIL', 250n],
      ['GETFund levy', 250n],
    ]);
  });

  it('of Ghana has three taxes on one base since 2026', () => {
    const preset = taxPresetOf('GH') ?? expect.fail();
    const codes = (date: string) => componentsInForce(preset.components, date).map(({ code }) => code);
    expect(codes('2025-12-31')).toEqual(['NHIL', 'GETFUND', 'COVID', 'VAT']);
    expect(codes('2026-01-01')).toEqual(['VAT', 'NHIL', 'GETFUND']);
  });

  it('are one for each country', () => {
    const countries = COUNTRY_TAX_PRESETS.map(({ country }) => country);
    expect(new Set(countries).size).toBe(countries.length);
    expect(taxPresetOf('XX')).toBeUndefined();
  });
});

describe('taxOfSupply', () => {
  const vat = { code: 'VAT', name: 'VAT', rate: toDecimal('7.5'), compound: false };
  const rates = [
    { ...rate('NG', null, 'standard'), components: [{ ...vat, validFrom: null, validTo: null }] },
  ];
  const supply = { country: 'NG', region: null, category: 'standard' };
  const date = '2026-06-01';

  it('says why nothing is taken', () => {
    for (const treatment of ['exempt', 'reverse_charge'] as const) {
      expect(taxOfSupply({ rates, supply, treatment, date }).reason).toBe(treatment);
    }
    const abroad = taxOfSupply({ rates, supply: { ...supply, country: 'FR' }, treatment: 'taxable', date });
    expect(abroad).toEqual({ components: [], reason: 'not_registered' });
  });

  it('takes components by their dates, the last one exclusive', () => {
    const component = { code: 'A', name: 'A', rate: toDecimal('5'), compound: false };
    const dated = [{ ...component, validFrom: '2026-02-01', validTo: '2026-03-01' }];
    expect(componentsInForce(dated, '2026-01-31')).toEqual([]);
    expect(componentsInForce(dated, '2026-02-01')).toEqual(dated);
    expect(componentsInForce(dated, '2026-02-28')).toEqual(dated);
    expect(componentsInForce(dated, '2026-03-01')).toEqual([]);
  });

  it('is remembered for each place, category, treatment and day', () => {
    const ask = rememberTaxes(rates);
    const question = { supply, treatment: 'taxable', date } as const;
    expect(ask(question)).toBe(ask({ ...question, supply: { ...supply } }));
    const inKano = ask({ ...question, supply: { ...supply, region: 'KN' } });
    expect(ask({ ...question, supply: { ...supply, region: 'LA' } })).not.toBe(inKano);
    for (const other of [
      { ...question, date: '2026-06-02' },
      { ...question, treatment: 'exempt' as const },
      { ...question, supply: { ...supply, region: 'LA' } },
      { ...question, supply: { ...supply, category: 'food' } },
      { ...question, supply: { ...supply, country: 'KE' } },
    ]) {
      expect(ask(other)).not.toBe(ask(question));
      expect(ask(other)).toEqual(taxOfSupply({ rates, ...other }));
    }
  });
});
