import type { MeterFilter, PropertyValue, UsageEvent } from './meter-terms.js';
import { propertyText, readQuantity } from './property-value.js';

/** Whether an event passes all of a meter's filters. */
export function passesFilters(
  event: Pick<UsageEvent, 'properties'>,
  filters: readonly MeterFilter[],
): boolean {
  return filters.every((filter) => passes(filter, event.properties[filter.property]));
}

function passes({ operator, values }: MeterFilter, value: PropertyValue | undefined): boolean {
  switch (operator) {
    case 'eq':
    case 'in':
      return value !== undefined && values.includes(propertyText(value));
    case 'ne':
    case 'not_in':
      return value === undefined || !values.includes(propertyText(value));
    case 'exists':
      return (value === undefined) === (values[0] === 'false');
    default:
      return compares(operator, value, values[0]);
  }
}

function compares(
  operator: 'gt' | 'gte' | 'lt' | 'lte',
  value: PropertyValue | undefined,
  bound: string | undefined,
): boolean {
  const [left, right] = [readQuantity(value), readQuantity(bound)];
  if (!left || !right) return false;
  return left[operator](right);
}
