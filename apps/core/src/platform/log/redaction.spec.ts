import { describe, expect, it } from 'vitest';

import { redactText } from './redaction.js';

const SECRETS = [
  'sk_test_0123456789abcdefghijABCDEFGHIJ012345',
  'rk_live_0123456789abcdefghijABCDEFGHIJ012345',
  'nrt_ses_01kemf00000000000000000000.abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456',
  'nvi_abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456',
  'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1c3JfMSJ9.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg',
  'Bearer abcdefgh12345678',
];

describe('redaction', () => {
  // Each alone: no other secret in the text brings the search about.
  it.each(SECRETS)('hides %s wherever it stands', (secret) => {
    const clean = redactText(`GET /api/things/${secret} 404`);
    expect(clean).toContain('[redacted]');
    expect(clean).not.toContain(secret.slice(-12));
  });

  it('hides the password of a URL and shows the rest of it', () => {
    expect(redactText('at postgres://nova:pa:ss/word@db:5432/x')).toBe(
      'at postgres://nova:[redacted]@db:5432/x',
    );
    expect(redactText('at redis://:s3cret@redis:6379')).toBe('at redis://:[redacted]@redis:6379');
  });

  it.each([
    '/://' + 'a.'.repeat(60_000),
    'a://:'.repeat(24_000),
    'eyJ-'.repeat(30_000),
    '://::'.repeat(24_000),
  ])('is done in no time with a long text made to be slow to search', (text) => {
    // Time of the processor: what the clock says depends on who else is at work on the machine.
    const before = process.cpuUsage();
    redactText(text);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });
});
