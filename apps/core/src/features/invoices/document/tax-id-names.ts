/** What the tax authority of a country calls the number of a taxpayer, as invoices there print it. */
const NAMES: Readonly<Record<string, string>> = {
  NG: 'TIN',
  KE: 'PIN',
  ZA: 'VAT No.',
  GH: 'TIN',
  UG: 'TIN',
  TZ: 'TIN',
  RW: 'TIN',
  ET: 'TIN',
  ZM: 'TPIN',
  EG: 'Tax registration no.',
  MA: 'ICE',
  DZ: 'NIF',
  SN: 'NINEA',
  CI: 'NCC',
  CM: 'NIU',
  GB: 'VAT No.',
  FR: 'VAT No.',
  DE: 'VAT No.',
  US: 'EIN',
};

/** The name of a tax number in a country; `Tax ID` where it is not known. */
export function taxIdName(country: string | null | undefined): string {
  return (country ? NAMES[country] : undefined) ?? 'Tax ID';
}
