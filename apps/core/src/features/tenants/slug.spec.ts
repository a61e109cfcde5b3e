import { describe, expect, it } from 'vitest';

import { isReservedSlug, SlugSchema, slugOf, withRandomSuffix } from './slug.js';

describe('slugs', () => {
  it.each([
    ['Acme', 'acme'],
    ['  Acme & Sons, Ltd. ', 'acme-sons-ltd'],
    ['Ọjà Ìbílẹ̀', 'oja-ibile'],
    ['Crédit Agricole du Sénégal', 'credit-agricole-du-senegal'],
    ['日本', 'tenant'],
    ['!', 'tenant'],
    ['x'.repeat(80), 'x'.repeat(40)],
    [`${'x'.repeat(39)} y`, 'x'.repeat(39)],
  ])('are made of a name: %j → %s', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
    expect(SlugSchema.safeParse(slugOf(name)).success).toBe(true);
  });

  it('take a random suffix and stay within their length', () => {
    for (const slug of ['acme', 'x'.repeat(40), `${'x'.repeat(34)}-yyyyy`]) {
      const suffixed = withRandomSuffix(slug);
      expect(suffixed).toMatch(/^[a-z-]+-[2-9a-z]{4}$/);
      expect(suffixed).not.toContain('--');
      expect(SlugSchema.safeParse(suffixed).success).toBe(true);
    }
    expect(withRandomSuffix('acme')).not.toBe(withRandomSuffix('acme'));
  });

  it.each([
    '',
    'a',
    '-acme',
    'acme-',
    'Acme',
    'ac me',
    'acme.com',
    'ácme',
    'x'.repeat(41),
    'admin',
    'api',
    'www',
  ])('refuse %j', (slug) => {
    expect(SlugSchema.safeParse(slug).success).toBe(false);
  });

  it('leave the demo tenant its name', () => {
    expect(isReservedSlug('demo')).toBe(false);
  });
});
