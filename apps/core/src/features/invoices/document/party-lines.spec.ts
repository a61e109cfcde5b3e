import { describe, expect, it } from 'vitest';

import type { DocumentParty } from './invoice-document.js';
import { partyLines } from './party-lines.js';

const bare: DocumentParty = { name: 'Ada', email: null, phone: null, taxId: null, address: null };

describe('partyLines', () => {
  it('prints nothing for what is missing', () => {
    expect(partyLines(bare)).toEqual([]);
    expect(partyLines({ ...bare, email: ' ', address: {} })).toEqual([]);
  });

  it('prints the address, the contact and the registrations', () => {
    const party: DocumentParty = {
      ...bare,
      email: 'ada@example.com',
      taxId: 'P051234567X',
      registrationNumber: 'PVT-123',
      country: 'NG',
      address: { line1: 'Moi Avenue 1', city: 'Nairobi', postalCode: '00100', country: 'KE' },
    };
    expect(partyLines(party)).toEqual([
      'Moi Avenue 1',
      'Nairobi, 00100',
      'Kenya',
      'ada@example.com',
      'PIN P051234567X',
      'Reg. no. PVT-123',
    ]);
  });

  it("prints the party's country when the address has none", () => {
    expect(partyLines({ ...bare, country: 'GH' })).toEqual(['Ghana']);
    expect(partyLines({ ...bare, country: 'not a code' })).toEqual([]);
  });
});
