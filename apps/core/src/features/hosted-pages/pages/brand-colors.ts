/** The tenant's colour as a page uses it. */
export interface BrandColors {
  /** Of edges and of the main button. */
  readonly brand: string;
  /** What is legible on it. */
  readonly onBrand: string;
}

const DEFAULT_BRAND = '#1d4f91';
const DARK = '#000000';

/** The colours of a page: text on the tenant's colour is black or white, whichever stands out more. */
export function brandColors(color: string | null | undefined): BrandColors {
  const brand = color && /^#[0-9a-f]{6}$/i.test(color) ? color : DEFAULT_BRAND;
  const onBrand = contrast(brand, '#ffffff') >= contrast(brand, DARK) ? '#ffffff' : DARK;
  return { brand, onBrand };
}

/** How far apart two colours are, 1 to 21; WCAG 2.2, "contrast ratio". */
export function contrast(a: string, b: string): number {
  const [lighter = 0, darker = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (lighter + 0.05) / (darker + 0.05);
}

/** WCAG 2.2, "relative luminance". */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
