// The same on other servers: people are in the central database, and the hashing in the process.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Nova, startNova, type TestTenant } from '../support/nova.js';

let nova: Nova;
let tenant: TestTenant;

beforeAll(async () => {
  nova = await startNova({ env: { BCRYPT_COST: '10' } });
  tenant = await nova.tenant();
});
afterAll(() => nova.stop());

describe('a flood of logins', () => {
  it('is refused beyond what can be checked in time, and others are served meanwhile', async () => {
    const flood = Array.from({ length: 150 }, (_, i) =>
      nova.anonymous.post('/auth/login', { email: `nobody-${i}@acme.example`, password: 'correct horse' }),
    );
    const served = await tenant.api.get('/customers');
    const answers = await Promise.all(flood);
    expect(served.status).toBe(200);

    const refused = answers.filter(({ status }) => status === 503);
    const checked = answers.filter(({ status }) => status === 401);
    expect(refused.length + checked.length).toBe(150);
    // How many came while the first were being checked, the machine decides.
    expect(refused.length).toBeGreaterThan(20);
    expect(checked.length).toBeGreaterThanOrEqual(34);
    expect(refused[0]?.body).toMatchObject({ code: 'unavailable' });
    expect(refused[0]?.headers.get('retry-after')).toBe('2');

    const { email, password } = tenant;
    expect((await nova.anonymous.post('/auth/login', { email, password })).status).toBe(200);
  });
});
