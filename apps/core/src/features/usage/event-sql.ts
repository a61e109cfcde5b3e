import { Prisma } from '@nova/prisma-tenant';

import type { MeterFilter } from '../../domain/usage/meter-terms.js';

/** The same form that `readQuantity` of the domain takes. */
const QUANTITY = '^[+-]?[0-9]{1,15}(?:[.][0-9]{1,12})?$';

/** The text of a property of the event `e`, or NULL. */
export function textOf(property: string): Prisma.Sql {
  return Prisma.sql`(e.properties ->> ${property}::text)`;
}

/** The number of a property of the event `e`, or NULL where it is none. */
export function quantityOf(property: string): Prisma.Sql {
  return Prisma.sql`substring(e.properties ->> ${property}::text FROM ${QUANTITY}::text)::numeric`;
}

/** A meter's filters on the event `e`, for a WHERE that goes on: ` AND … AND …`. */
export function filterSql(filters: readonly MeterFilter[]): Prisma.Sql {
  return Prisma.join([Prisma.empty, ...filters.map(conditionOf)], '', '', '');
}

const COMPARISONS = {
  gt: Prisma.sql`>`,
  gte: Prisma.sql`>=`,
  lt: Prisma.sql`<`,
  lte: Prisma.sql`<=`,
} as const;

function conditionOf({ property, operator, values }: MeterFilter): Prisma.Sql {
  const text = textOf(property);
  switch (operator) {
    case 'eq':
    case 'in':
      return Prisma.sql` AND ${text} = ANY(${[...values]}::text[])`;
    case 'ne':
    case 'not_in':
      return Prisma.sql` AND (${text} IS NULL OR ${text} <> ALL(${[...values]}::text[]))`;
    case 'exists':
      return values[0] === 'false' ? Prisma.sql` AND ${text} IS NULL` : Prisma.sql` AND ${text} IS NOT NULL`;
    default:
      return Prisma.sql` AND ${quantityOf(property)} ${COMPARISONS[operator]} ${values[0] ?? null}::numeric`;
  }
}
