import type { DocumentParty } from './invoice-document.js';
import { taxIdName } from './tax-id-names.js';

const COUNTRY_NAMES = new Intl.DisplayNames('en', { type: 'region', fallback: 'code' });

/** What is printed below a party's name: address, contact and registrations, a line each, nothing that is missing. */
export function partyLines(party: DocumentParty): string[] {
  const { line1, line2, city, state, postalCode, country } = party.address ?? {};
  const place = [city, [state, postalCode].filter(Boolean).join(' ')].filter(Boolean).join(', ');
  return [
    line1,
    line2,
    place,
    countryName(country ?? party.country ?? null),
    party.email,
    party.phone,
    party.taxId && `${taxIdName(country ?? party.country)} ${party.taxId}`,
    party.registrationNumber && `Reg. no. ${party.registrationNumber}`,
  ].filter((line): line is string => typeof line === 'string' && line.trim() !== '');
}

function countryName(code: string | null): string | undefined {
  return code !== null && /^[A-Z]{2}$/.test(code) ? COUNTRY_NAMES.of(code) : undefined;
}
