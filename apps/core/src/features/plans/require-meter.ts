import type { Meter } from '@nova/prisma-tenant';

import type { ChargeTerms } from '../../domain/rating/charge-terms.js';
import { needsEvents } from '../../domain/rating/rate-charge.js';
import { invalidRequest } from '../../platform/errors/common-errors.js';
import type { TenantReader } from '../../tenancy/tenant-context.js';

export interface MeterUse {
  /** Our id or the caller's; the two cannot be mistaken for each other. */
  readonly reference: string;
  readonly groupBy: readonly string[];
  readonly terms: ChargeTerms;
  /** Where the price stands in the request. */
  readonly pointer: string;
}

/**
 * The meter of a usage price, which can count what the price's terms and groups ask for.
 * @throws invalidRequest with a pointer into the price
 */
export async function requireMeter(db: TenantReader, use: MeterUse): Promise<Meter> {
  const { reference, groupBy, terms, pointer } = use;
  const meter = await db.meter.findFirst({ where: { OR: [{ id: reference }, { externalId: reference }] } });
  if (!meter) throw refuse(`${pointer}/meterId`, 'not_found', `There is no meter ${reference}.`);
  if (meter.archivedAt !== null) {
    throw refuse(`${pointer}/meterId`, 'archived', `Meter ${meter.id} is archived.`);
  }
  const wanted = aggregationFor(terms);
  if (wanted !== null && meter.aggregation !== wanted) {
    const message = `A ${terms.model} price is of a meter that aggregates by ${wanted}, not by ${meter.aggregation}.`;
    throw refuse(`${pointer}/meterId`, 'aggregation_mismatch', message);
  }
  if (terms.model === 'capacity' && unitsOf(terms.tiers) > 1) {
    const message = 'A meter has one peak, so the tiers can limit only one kind of unit.';
    throw refuse(`${pointer}/terms/tiers`, 'too_many_units', message);
  }
  const known = meter.groupBy as string[];
  const unknown = groupBy.findIndex((property) => !known.includes(property));
  if (unknown >= 0) {
    const message = `Meter ${meter.id} does not group by ${JSON.stringify(groupBy[unknown])}.`;
    throw refuse(`${pointer}/groupBy/${unknown}`, 'not_grouped', message);
  }
  return meter;
}

/** What a meter must add up for terms to make sense; null when any aggregate will do. */
function aggregationFor(terms: ChargeTerms): string | null {
  if (terms.model === 'capacity') return 'max';
  return terms.model === 'dynamic' || needsEvents(terms) ? 'sum' : null;
}

function unitsOf(tiers: readonly { readonly limits: object }[]): number {
  return new Set(tiers.flatMap(({ limits }) => Object.keys(limits))).size;
}

function refuse(pointer: string, code: string, message: string): Error {
  return invalidRequest(message, { errors: [{ pointer, code, message }] });
}
