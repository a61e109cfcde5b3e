import { expect } from 'vitest';

import type { DueSubscriptions } from './due-subscriptions.js';

const POLL_MS = 50;

/** How long one subscription takes from being due until it is billed, paid and its invoice sent. */
export async function billOne(single: DueSubscriptions, limitMs: number): Promise<number> {
  const before = await single.progress();
  const begun = performance.now();
  await single.makeDue(1);
  for (;;) {
    const { invoices, paid, sent } = await single.progress();
    const tookMs = performance.now() - begun;
    if (invoices > before.invoices && paid > before.paid && sent > before.sent) return tookMs;
    if (tookMs > limitMs)
      expect.fail(`After ${Math.round(tookMs)} ms: ${JSON.stringify({ before, invoices, paid, sent })}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
