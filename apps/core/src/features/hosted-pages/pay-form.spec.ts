import { describe, expect, it } from 'vitest';

import type { WayToPay } from './pages/ways-to-pay.js';
import { readPayForm } from './pay-form.js';

const way = (changes: Partial<WayToPay>): WayToPay => ({
  provider: 'paystack',
  label: 'Paystack',
  channels: ['card'],
  needsPhone: false,
  asksEmail: false,
  saves: 'ask',
  ...changes,
});
const mpesa = way({ provider: 'mpesa', needsPhone: true, saves: 'never' });

describe('the form of a way to pay', () => {
  it.each(['0712345678', '0712 345 678', '712345678', '+254 712 345 678', '254-712-345678', ' 0110345678 '])(
    'takes %s as a number',
    (phone) => {
      const read = readPayForm({ provider: 'mpesa', phone }, [mpesa]);
      expect(read).toMatchObject({ choice: { phone: expect.stringMatching(/^254[17]\d{8}$/) } });
    },
  );

  it.each(['', '0812345678', '07123456789', '+1 202 555 0100', '<script>'])('refuses %j', (phone) => {
    expect(readPayForm({ provider: 'mpesa', phone }, [mpesa])).toMatchObject({
      refused: { provider: 'mpesa', field: 'phone', typed: phone },
    });
  });

  it('asks for an address only where none is known', () => {
    const asking = way({ asksEmail: true });
    expect(readPayForm({ provider: 'paystack' }, [asking])).toMatchObject({ refused: { field: 'email' } });
    const email = ' asha@acme.example ';
    expect(readPayForm({ provider: 'paystack', email }, [asking])).toMatchObject({
      choice: { email: 'asha@acme.example', phone: null },
    });
    expect(readPayForm({ provider: 'paystack', email: 'nonsense' }, [way({})])).toMatchObject({
      choice: { email: null },
    });
  });

  it('saves what one pays with where the payer or the session says so', () => {
    const saved = (saves: WayToPay['saves'], save?: 'yes') =>
      readPayForm({ provider: 'paystack', ...(save ? { save } : {}) }, [way({ saves })]);
    expect(saved('ask')).toMatchObject({ choice: { savesMethod: false } });
    expect(saved('ask', 'yes')).toMatchObject({ choice: { savesMethod: true } });
    expect(saved('always')).toMatchObject({ choice: { savesMethod: true } });
    expect(saved('never', 'yes')).toMatchObject({ choice: { savesMethod: false } });
  });

  it('refuses a way that is not offered', () => {
    expect(readPayForm({ provider: 'stripe' }, [way({})])).toMatchObject({ refused: { field: null } });
  });
});
