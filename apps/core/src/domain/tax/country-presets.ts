import { toDecimal } from '../money/decimal.js';
import type { TaxComponent, TaxRate } from './tax-types.js';

/** The first day of Ghana's Value Added Tax Act, 2025 (Act 1151). */
const GHANA_REFORM = '2026-01-01';

interface Preset extends TaxRate {
  readonly name: string;
}

function tax(
  code: string,
  name: string,
  percent: string,
  {
    compound = false,
    validFrom = null,
    validTo = null,
  }: Partial<Pick<TaxComponent, 'compound' | 'validFrom' | 'validTo'>> = {},
): TaxComponent {
  return { code, name, rate: toDecimal(percent), compound, validFrom, validTo };
}

function vat(country: string, name: string, percent: string, code = 'VAT'): Preset {
  const components = [tax(code, code, percent)];
  return { name, country, region: null, category: 'standard', components };
}

/**
 * The general rates of value added tax that a tenant can start from. Kenya, Nigeria, South Africa and Ghana are from the
 * expectations of this project; the others are the standard rates in force in 2025, which a tenant has to confirm. Zero
 * and reduced rates are not here: they are for the tenant to add by category.
 */
export const COUNTRY_TAX_PRESETS: readonly Preset[] = [
  vat('NG', 'Nigeria VAT', '7.5'),
  vat('KE', 'Kenya VAT', '16'),
  vat('ZA', 'South Africa VAT', '15'),
  {
    name: 'Ghana VAT and levies',
    country: 'GH',
    region: null,
    category: 'standard',
    components: [
      // Until the end of 2025 three levies on the price and VAT on price and levies: 21.9 %.
      tax('NHIL', 'NHIL', '2.5', { validTo: GHANA_REFORM }),
      tax('GETFUND', 'GETFund levy', '2.5', { validTo: GHANA_REFORM }),
      tax('COVID', 'COVID-19 levy', '1', { validTo: GHANA_REFORM }),
      tax('VAT', 'VAT', '15', { compound: true, validTo: GHANA_REFORM }),
      // Since then all on the same base, and the COVID-19 levy is gone: 20 %.
      tax('VAT', 'VAT', '15', { validFrom: GHANA_REFORM }),
      tax('NHIL', 'NHIL', '2.5', { validFrom: GHANA_REFORM }),
      tax('GETFUND', 'GETFund levy', '2.5', { validFrom: GHANA_REFORM }),
    ],
  },
  vat('UG', 'Uganda VAT', '18'),
  vat('TZ', 'Tanzania VAT', '18'),
  vat('RW', 'Rwanda VAT', '18'),
  vat('EG', 'Egypt VAT', '14'),
  vat('MA', 'Morocco VAT', '20'),
  vat('ET', 'Ethiopia VAT', '15'),
  vat('DZ', 'Algeria VAT', '19'),
  vat('ZM', 'Zambia VAT', '16'),
  vat('SN', 'Senegal VAT', '18'),
  vat('CI', 'Côte d’Ivoire VAT', '18'),
];

/** The preset of a country, undefined when there is none. */
export function taxPresetOf(country: string): Preset | undefined {
  return COUNTRY_TAX_PRESETS.find((preset) => preset.country === country);
}
