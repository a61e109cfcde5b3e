import { z } from 'zod';

import { toDecimal } from '../../domain/money/decimal.js';
import type { TaxComponent } from '../../domain/tax/tax-types.js';
import { lineText } from '../../platform/wire/text.js';

const COMPONENTS_MAX = 20;

const date = z.iso.date().nullable().default(null);

export const TaxComponentSchema = z
  .strictObject({
    code: z
      .string()
      .regex(/^[A-Z0-9][A-Z0-9_-]{0,19}$/, 'must be 1 to 20 capital letters, digits, - or _')
      .meta({ description: 'What authorities call it.', example: 'VAT' }),
    name: lineText({ max: 100 }).meta({ description: 'As invoices print it.', example: 'VAT' }),
    rate: z
      .string()
      .regex(/^(100(\.0{1,6})?|(0|[1-9]\d?)(\.\d{1,6})?)$/, 'Use a decimal from "0" to "100"')
      .meta({ description: 'Percent, a decimal.', example: '7.5' }),
    compound: z.boolean().default(false).meta({
      description: 'Taken of the amount and all components before it, and not of the amount alone.',
    }),
    validFrom: date.meta({ description: 'The first day it is taken; always unless given.' }),
    validTo: date.meta({ description: 'The first day it is taken no more; never unless given.' }),
  })
  .refine(({ validFrom, validTo }) => validFrom === null || validTo === null || validFrom < validTo, {
    path: ['validTo'],
    error: 'must be later than validFrom',
  })
  .meta({ id: 'TaxComponent' });
export type TaxComponentWire = z.infer<typeof TaxComponentSchema>;

/** Components in the order in which they compound. The same code may follow itself in time, but not beside itself. */
export const TaxComponentsSchema = z
  .array(TaxComponentSchema)
  .min(1)
  .max(COMPONENTS_MAX)
  .superRefine((components, check) => {
    for (const [index, component] of components.entries()) {
      const before = components.slice(0, index);
      if (before.some((other) => other.code === component.code && overlap(other, component))) {
        const message = `is taken at the same time as another ${component.code}`;
        check.addIssue({ code: 'custom', path: [index, 'validFrom'], message, params: { code: 'overlap' } });
      }
    }
  });

function overlap(a: TaxComponentWire, b: TaxComponentWire): boolean {
  const endsAfter = (one: TaxComponentWire, other: TaxComponentWire) =>
    one.validTo === null || other.validFrom === null || other.validFrom < one.validTo;
  return endsAfter(a, b) && endsAfter(b, a);
}

/** The JSON form of a component, as the column and the wire have it. */
export function toComponentJson({
  code,
  name,
  rate,
  compound,
  validFrom,
  validTo,
}: TaxComponent): TaxComponentWire {
  return { code, name, rate: rate.toFixed(), compound, validFrom, validTo };
}

/** The same with its rate as plain as it can be: 7.50 is 7.5. */
export function plainComponent(component: TaxComponentWire): TaxComponentWire {
  return { ...component, rate: toDecimal(component.rate).toFixed() };
}
