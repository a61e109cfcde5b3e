import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import { type Browser, chromium, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A phone, and a desk. */
const VIEWS = [
  { width: 360, height: 740 },
  { width: 1_280, height: 900 },
] as const;
export const [PHONE] = VIEWS;

/** Where a Chromium is installed: `TEST_CHROMIUM`, or where distributions put it; null where there is none. */
export function chromiumPath(): string | null {
  const named = process.env['TEST_CHROMIUM'];
  return [...(named ? [named] : []), ...PLACES].find((place) => existsSync(place)) ?? null;
}

/** Starts it without a window. */
export function startBrowser(executablePath: string): Promise<Browser> {
  // As root, which builds in containers are, its own sandbox does not start.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** Whether a page is wider than its window, which on a phone makes one scroll sideways to read. */
export function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth');
}

/** Keeps a picture of a page at both widths in the folder `TEST_SHOTS`, for people to look at; none without it. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env['TEST_SHOTS'];
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  for (const view of VIEWS.toReversed()) {
    await page.setViewportSize(view);
    await page.screenshot({ path: path.join(folder, `${name}-${view.width}.png`), fullPage: true });
  }
}
