import { expect, it } from 'vitest';

import { loggedPath } from './logged-path.js';

it.each([
  ['/api/customers', '/api/customers'],
  ['/api/customers?', '/api/customers'],
  ['/api/customers/cus_1?x', '/api/customers/cus_1?x'],
  ['/api/customers?email=ada%40acme.example&limit=5', '/api/customers?email=…&limit=5'],
  [
    '/api/invoices?status=open&createdAt%5Bgte%5D=2026-01-01',
    '/api/invoices?status=open&createdAt%5Bgte%5D=2026-01-01',
  ],
  ['/api/customers?%E0%A4%A=1&cursor=abc', '/api/customers?%E0%A4%A=…&cursor=…'],
])('shows %s as %s', (url, path) => {
  expect(loggedPath(url)).toBe(path);
});

it('is cut to a length that a list can bear', () => {
  expect(loggedPath(`/api/${'a'.repeat(2_000)}`)).toHaveLength(500);
});
