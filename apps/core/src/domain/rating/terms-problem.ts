export type TermsProblemCode =
  | 'not_an_object'
  | 'not_a_list'
  | 'not_a_choice'
  | 'not_a_decimal'
  | 'not_whole'
  | 'unknown_field'
  | 'missing'
  | 'negative'
  | 'not_positive'
  | 'too_large'
  | 'too_many_decimals'
  | 'rate_over_limit'
  | 'bounds_crossed'
  | 'not_applicable'
  | 'no_tiers'
  | 'too_many_tiers'
  | 'too_many_units'
  | 'tiers_gap'
  | 'tiers_overlap'
  | 'tiers_not_open'
  | 'tiers_open_early';

/** What is wrong with the JSON of terms, and where: a JSON pointer from the root of the terms. */
export interface TermsProblem {
  readonly pointer: string;
  readonly code: TermsProblemCode;
  readonly message: string;
}

/** The problems of one value at its place. */
export type Check = (value: unknown, pointer: string) => TermsProblem[];

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A name as a part of a JSON pointer. */
export function pointerPart(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
