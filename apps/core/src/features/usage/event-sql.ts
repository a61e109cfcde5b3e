import { Prisma } from '@nova/prisma-tenant';

import type { MeterFilter } from '../../domain/usage/meter-terms.js';

/** The same form that `readQuantity` of the domain takes. */
const QUANTITY = '^[+-]?[0-9]{1,15}(?:[.][0-9]{1,12})?$';
const LIMIT = '1000000000000000';

/** The text of a property of the event `e`, or NULL. */
export function textOf(property: string): Prisma.Sql {
  return Prisma.sql`(e.properties ->> ${property}::text)`;
}

/** A property of the event `e` as JSON, or NULL. */
export function propertyOf(property: string): Prisma.Sql {
  return Prisma.sql`(e.properties -> ${property}::text)`;
}

/**
 * Rows with the number of their JSON `given` as `value`, or NULL where it is none. Most are numbers, which need no look at
 * their text. `OFFSET 0` keeps PostgreSQL from writing the inner expressions into the outer ones: each is worked out once
 * for a row, in half the time.
 */
export function numbered(rows: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`SELECT *, CASE WHEN number > -${LIMIT}::numeric AND number < ${LIMIT}::numeric AND scale(number) <= 12
      THEN number END AS value
    FROM (SELECT *, CASE jsonb_typeof(given) WHEN 'number' THEN given::numeric
        WHEN 'string' THEN substring(given #>> '{}' FROM ${QUANTITY}::text)::numeric END AS number
      FROM (${rows} OFFSET 0) AS events OFFSET 0) AS numbers OFFSET 0`;
}

/** The number of a property of the event `e`, or NULL where it is none, as `numbered` has it. */
function quantityOf(property: string): Prisma.Sql {
  const value = propertyOf(property);
  return Prisma.sql`CASE jsonb_typeof${value}
    WHEN 'number' THEN CASE WHEN abs(${value}::numeric) < ${LIMIT}::numeric AND scale(${value}::numeric) <= 12
      THEN ${value}::numeric END
    WHEN 'string' THEN substring(e.properties ->> ${property}::text FROM ${QUANTITY}::text)::numeric END`;
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
      return Prisma.sql` AND (${quantityOf(property)}) ${COMPARISONS[operator]} ${values[0] ?? null}::numeric`;
  }
}
