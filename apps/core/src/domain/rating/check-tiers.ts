import { Decimal } from '../money/decimal.js';
import { object, positiveQuantity, quantity, type Shape, optional } from './check-field.js';
import { MAX_CAPACITY_UNITS, MAX_TIERS } from './term-limits.js';
import { type Check, isRecord, pointerPart, type TermsProblem } from './terms-problem.js';

/** A bound: more than nothing, or null for none. It must be stated, so that a forgotten one is not taken for open. */
const bound: Check = (value, pointer) => (value === null ? [] : positiveQuantity(value, pointer));

/** A list of tiers of a shape; `order` looks at all of them when each is right by itself. */
function listOfTiers(shape: Shape, order: (tiers: Record<string, unknown>[]) => LocatedProblem[]): Check {
  const tier = object(shape);
  return (value, pointer) => {
    if (!Array.isArray(value))
      return [{ pointer, code: 'not_a_list', message: 'It must be a list of tiers.' }];
    if (value.length === 0) return [{ pointer, code: 'no_tiers', message: 'It must have a tier at least.' }];
    if (value.length > MAX_TIERS) {
      return [{ pointer, code: 'too_many_tiers', message: `It must have at most ${MAX_TIERS} tiers.` }];
    }
    const problems = value.flatMap((entry, index) => tier(entry, `${pointer}/${index}`));
    if (problems.length > 0) return problems;
    return order(value as Record<string, unknown>[]).map((problem) => ({
      ...problem,
      pointer: `${pointer}/${problem.pointer}`,
    }));
  };
}

/** A problem whose pointer starts at the list. */
type LocatedProblem = TermsProblem;

/** Tiers by inclusive upper bounds. `from`, when stated, must be the bound before: it shows gaps and overlaps. */
export function tiersByBound(price: Shape): Check {
  return listOfTiers({ from: optional(quantity), upTo: bound, ...price }, (tiers) => [
    ...tiers.flatMap((tier, index) => boundProblems(tier, tiers[index - 1], index)),
    ...openEndProblems(tiers, 'upTo'),
  ]);
}

function boundProblems(
  tier: Record<string, unknown>,
  before: Record<string, unknown> | undefined,
  index: number,
): LocatedProblem[] {
  const start = before === undefined ? '0' : before['upTo'];
  if (typeof start !== 'string') return [];
  const problems: LocatedProblem[] = [];
  const { from, upTo } = tier;
  if (typeof from === 'string' && new Decimal(from).gt(start)) {
    const message = `The tier before ends at ${start}: what lies between has no price.`;
    problems.push({ pointer: `${index}/from`, code: 'tiers_gap', message });
  }
  if (typeof from === 'string' && new Decimal(from).lt(start)) {
    const message = `The tier before ends at ${start}: what lies between has two prices.`;
    problems.push({ pointer: `${index}/from`, code: 'tiers_overlap', message });
  }
  if (typeof upTo === 'string' && new Decimal(upTo).lte(start)) {
    const message = `It must be more than ${start}, where the tier starts.`;
    problems.push({ pointer: `${index}/upTo`, code: 'tiers_overlap', message });
  }
  return problems;
}

/** Exactly the last tier has no end. */
function openEndProblems(tiers: readonly Record<string, unknown>[], field: string): LocatedProblem[] {
  return tiers.flatMap((tier, index): LocatedProblem[] => {
    const last = index === tiers.length - 1;
    const pointer = `${index}/${field}`;
    if (last && tier[field] !== null) {
      return [{ pointer, code: 'tiers_not_open', message: 'The last tier must be open: null.' }];
    }
    if (!last && tier[field] === null) {
      return [{ pointer, code: 'tiers_open_early', message: 'Only the last tier can be open.' }];
    }
    return [];
  });
}

/** Tiers of blocks: the number of blocks bounds them, and the last takes all the rest. */
export function tiersOfBlocks(shape: Shape): Check {
  return listOfTiers(shape, (tiers) => openEndProblems(tiers, 'maxBlocks'));
}

const limits: Check = (value, pointer) => {
  if (!isRecord(value))
    return [{ pointer, code: 'not_an_object', message: 'It must be an object of limits.' }];
  const entries = Object.entries(value);
  if (entries.length > MAX_CAPACITY_UNITS) {
    return [
      { pointer, code: 'too_many_units', message: `It must limit at most ${MAX_CAPACITY_UNITS} units.` },
    ];
  }
  return entries.flatMap(([unit, limit]) => quantity(limit, `${pointer}/${pointerPart(unit)}`));
};

/** Tiers of capacity: limits never shrink from one to the next, and the last has none. */
export function tiersOfCapacity(shape: Shape): Check {
  return listOfTiers({ limits, ...shape }, (tiers) => {
    const all = tiers.map((tier) => tier['limits'] as Record<string, string>);
    return all.flatMap((own, index): LocatedProblem[] => {
      const open = Object.keys(own).length === 0;
      const before = all[index - 1];
      const pointer = `${index}/limits`;
      if (index === all.length - 1 && !open) {
        return [
          { pointer, code: 'tiers_not_open', message: 'The last tier must fit every peak: no limits.' },
        ];
      }
      if (index < all.length - 1 && open) {
        return [{ pointer, code: 'tiers_open_early', message: 'Only the last tier can be without limits.' }];
      }
      if (before === undefined || isRoomier(own, before)) return [];
      const message = 'Its limits must be wider than those of the tier before.';
      return [{ pointer, code: 'tiers_overlap', message }];
    });
  });
}

/** Whether every limit is at least what it was, a missing one being no limit, and one of them is more. */
function isRoomier(own: Record<string, string>, before: Record<string, string>): boolean {
  const [now, earlier] = [new Map(Object.entries(own)), new Map(Object.entries(before))];
  const shrinks = [...now].some(([unit, limit]) => new Decimal(limit).lt(earlier.get(unit) ?? Infinity));
  const grows = [...earlier].some(([unit, limit]) => new Decimal(now.get(unit) ?? Infinity).gt(limit));
  return grows && !shrinks;
}
