import { describe, expect, it } from 'vitest';

import { admitToMetrics } from './metrics-access.js';

const from = (remoteAddress: string, headers: Record<string, string> = {}) => ({
  headers,
  socket: { remoteAddress },
});

describe('metrics', () => {
  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])(
    'without a token are for this machine (%s)',
    (address) => {
      expect(() => admitToMetrics(from(address), null)).not.toThrow();
    },
  );

  it.each([
    ['another machine', from('10.0.0.7')],
    ['a name that begins like ours', from('127.0.0.1.example')],
    ['a proxy on this machine', from('127.0.0.1', { 'x-forwarded-for': '10.0.0.7' })],
  ])('without a token are not for %s', (_, request) => {
    expect(() => admitToMetrics(request, null)).toThrow('this machine only');
  });

  it('with a token are for whoever shows it, from wherever', () => {
    const token = 'a-token-of-sixteen';
    expect(() => admitToMetrics(from('10.0.0.7', { authorization: `Bearer ${token}` }), token)).not.toThrow();
    for (const authorization of ['', 'Bearer', 'Bearer a-token-of-sixteem', `Basic ${token}`]) {
      expect(() => admitToMetrics(from('127.0.0.1', { authorization }), token)).toThrow('metrics token');
    }
  });
});
