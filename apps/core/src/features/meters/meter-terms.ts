import type { Meter } from '@nova/prisma-tenant';

import type {
  Aggregation,
  MeterFilter,
  MeterTerms,
  QuantityRounding,
} from '../../domain/usage/meter-terms.js';

/** What of a meter's row decides which events it counts, and how. */
export type MeterRow = Pick<
  Meter,
  'id' | 'eventName' | 'aggregation' | 'property' | 'filters' | 'rounding' | 'archivedAt'
>;

/** The terms of a meter, as the domain has them. What is stored went through the schema on its way in. */
export function meterTermsOf(row: Omit<MeterRow, 'id' | 'eventName' | 'archivedAt'>): MeterTerms {
  return {
    aggregation: row.aggregation as Aggregation,
    property: row.property,
    filters: row.filters as unknown as MeterFilter[],
    rounding: row.rounding as unknown as QuantityRounding | null,
  };
}
