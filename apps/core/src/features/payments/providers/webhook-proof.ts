import { createHash, timingSafeEqual } from 'node:crypto';

import type { WebhookHeaders } from './webhook-events.js';

/** Whether two texts are the same, told in a time that does not depend on where they differ. No text is like none. */
export function sameText(given: string | null, expected: string): boolean {
  if (given === null || given === '' || expected === '') return false;
  // Of the same length by being hashed, so that not even a length is told.
  return timingSafeEqual(
    createHash('sha256').update(given).digest(),
    createHash('sha256').update(expected).digest(),
  );
}

/** The one value of a header; null when there is none, or several. */
export function headerOf(headers: WebhookHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' ? value : null;
}
