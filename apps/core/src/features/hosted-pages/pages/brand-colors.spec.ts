import { describe, expect, it } from 'vitest';

import { brandColors, contrast } from './brand-colors.js';

describe('the colours of a page', () => {
  it.each(['#ffffff', '#000000', '#ffd400', '#0f766e', '#7f7f7f', '#777777', '#ff0000'])(
    'make the button on %s legible',
    (color) => {
      const { brand, onBrand } = brandColors(color);
      expect(contrast(brand, onBrand)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it('are ours where the tenant has none, or one that is no colour', () => {
    const ours = brandColors(null);
    expect(brandColors('red;} body{display:none')).toEqual(ours);
  });
});
