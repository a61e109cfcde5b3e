import type { FormObject, FormValue } from '../frame/form-body.js';
import { invalid, missing } from './errors.js';

/** What a parameter may be: nothing that the route does not name is taken. */
export type Shape =
  'text' | 'integer' | 'boolean' | 'hash' | readonly [Shape] | { readonly [name: string]: Shape };

/** Refuses what is not of the shape, as Stripe does: an unknown name, a wrong kind. */
export function checkParams(given: FormObject, shape: { readonly [name: string]: Shape }, prefix = ''): void {
  for (const [name, value] of Object.entries(given)) {
    const full = prefix === '' ? name : `${prefix}[${name}]`;
    const wanted = Object.hasOwn(shape, name) ? shape[name] : undefined;
    if (wanted === undefined) throw invalid(`Received unknown parameter: ${full}`, full, 'parameter_unknown');
    if (value !== undefined) checkValue(value, wanted, full);
  }
}

function checkValue(value: FormValue, shape: Shape, name: string): void {
  if (typeof shape === 'string' && shape !== 'hash') {
    if (typeof value !== 'string') throw invalid(`Invalid ${shape}: ${name}`, name);
    if (shape === 'integer' && !/^-?\d+$/.test(value))
      throw invalid(`Invalid integer: ${value}`, name, 'parameter_invalid_integer');
    if (shape === 'boolean' && !/^(true|false)$/.test(value))
      throw invalid(`Invalid boolean: ${value}`, name);
    return;
  }
  // An empty text clears a hash or a list.
  if (value === '') return;
  if (typeof value === 'string')
    throw invalid(`Invalid ${shape === 'hash' || !Array.isArray(shape) ? 'object' : 'array'}`, name);
  if (shape === 'hash') return checkHash(value, name);
  if (isList(shape)) {
    if (!Array.isArray(value)) throw invalid('Invalid array', name);
    for (const [index, item] of value.entries()) checkValue(item, shape[0], `${name}[${index}]`);
    return;
  }
  if (Array.isArray(value)) throw invalid('Invalid object', name);
  checkParams(value, shape, name);
}

const isList = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape);

/** Metadata: fifty names of 40 characters, with texts of 500. */
function checkHash(value: FormObject | FormValue[], name: string): void {
  const entries = Object.entries(value);
  if (entries.length > 50) throw invalid('You may only specify up to 50 metadata keys', name);
  for (const [key, member] of entries) {
    if (typeof member !== 'string' || key.length > 40 || member.length > 500)
      throw invalid(`Invalid metadata: ${key}`, name);
  }
}

export const textIn = (params: FormObject, name: string): string | null => {
  const value = params[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

export function requiredText(params: FormObject, name: string): string {
  const value = textIn(params, name);
  if (value === null) throw missing(name);
  return value;
}

export const isTrue = (params: FormObject, name: string): boolean => params[name] === 'true';

export const objectIn = (params: FormObject, name: string): FormObject => {
  const value = params[name];
  return typeof value === 'object' && !Array.isArray(value) ? value : {};
};

export const listIn = (params: FormObject, name: string): FormValue[] => {
  const value = params[name];
  return Array.isArray(value) ? value : [];
};

/** Metadata as it is kept: text by name. */
export const metadataIn = (params: FormObject): Record<string, string> =>
  Object.fromEntries(
    Object.entries(objectIn(params, 'metadata')).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : '',
    ]),
  );
