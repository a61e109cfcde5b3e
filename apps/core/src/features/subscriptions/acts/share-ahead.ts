import type { Subscription } from '@nova/prisma-tenant';

import type { Period } from '../../../domain/calendar/periods.js';
import { type Fraction, fraction, NONE, WHOLE } from '../../../domain/proration/fraction.js';
import { prorationFactor, type ProrationBasis } from '../../../domain/proration/proration-factor.js';

/**
 * How much of the time that was paid for is still ahead at a moment. What was paid for in the current period lasts until
 * that ends, which is later than it was when a pause has made the period longer: days of a pause are not used up.
 */
export function shareAhead(
  subscription: Pick<Subscription, 'currentPeriodStart' | 'currentPeriodEnd' | 'timeZone' | 'prorationBasis'>,
  paid: Period,
  at: Date,
): Fraction {
  const { currentPeriodStart, currentPeriodEnd, timeZone } = subscription;
  const end = paid.start >= currentPeriodStart ? currentPeriodEnd : paid.end;
  const ahead = { start: at > paid.start ? at : paid.start, end };
  if (ahead.start >= ahead.end) return NONE;
  const basis = subscription.prorationBasis as ProrationBasis;
  const measure = (part: Period) => prorationFactor({ part, full: part, timeZone, basis }).numerator;
  const [days, whole] = [measure(ahead), measure(paid)];
  if (whole <= 0n) return NONE;
  return days >= whole ? WHOLE : fraction(days, whole);
}
