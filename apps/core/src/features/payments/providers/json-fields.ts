import type { LosslessJson } from '../../../platform/http-client/read-json.js';

/** The value at a path of a provider's answer, whatever shape that has; undefined where there is none. */
export function valueAt(json: unknown, ...path: readonly string[]): LosslessJson | undefined {
  let at = json as LosslessJson | undefined;
  for (const name of path) {
    if (typeof at !== 'object' || at === null || Array.isArray(at) || !Object.hasOwn(at, name))
      return undefined;
    at = (at as Readonly<Record<string, LosslessJson>>)[name];
  }
  return at;
}

/** The text, or the text of the number, at a path; null where there is none, or an empty one. */
export function textAt(json: unknown, ...path: readonly string[]): string | null {
  const value = valueAt(json, ...path);
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The list at a path; an empty one where there is none. */
export function listAt(json: unknown, ...path: readonly string[]): readonly LosslessJson[] {
  const value = valueAt(json, ...path);
  return Array.isArray(value) ? (value as readonly LosslessJson[]) : [];
}

/** The moment at a path, given as ISO 8601 or as seconds since 1970; null where there is none. */
export function momentAt(json: unknown, ...path: readonly string[]): Date | null {
  const text = textAt(json, ...path);
  if (text === null) return null;
  const moment = new Date(/^\d{1,11}$/.test(text) ? Number(text) * 1_000 : text);
  return Number.isNaN(moment.getTime()) ? null : moment;
}
