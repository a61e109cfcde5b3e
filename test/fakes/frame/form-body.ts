import type { FakeRequest } from './request.js';

export interface FormObject {
  [key: string]: FormValue | undefined;
}
export type FormValue = string | FormObject | FormValue[];

/** Reads `a[b][0][c]=1` into objects and lists; null when a name says two things at once or has no such form. */
export function readFormBody(request: FakeRequest): FormObject | null {
  const [mediaType = ''] = (request.headers['content-type'] ?? '').toLowerCase().split(';');
  const text = request.rawBody.toString('utf8');
  if (text !== '' && mediaType.trim() !== 'application/x-www-form-urlencoded') return null;
  return readForm(new URLSearchParams(text));
}

/** The same of a query. */
export function readForm(params: URLSearchParams): FormObject | null {
  const result: FormObject = {};
  for (const [name, value] of params) {
    const path = pathOf(name);
    if (!path || !put(result, path, value)) return null;
  }
  return asLists(result) as FormObject;
}

function pathOf(name: string): string[] | null {
  if (!/^[^[\]]+(\[[^[\]]*\])*$/.test(name)) return null;
  const [first = '', ...rest] = name.split('[');
  return [first, ...rest.map((part) => part.slice(0, -1))];
}

function put(target: FormObject, [key = '', ...rest]: string[], value: string): boolean {
  // An empty pair of brackets is the next of a list.
  const at = key === '' ? String(Object.keys(target).length) : key;
  if (rest.length === 0) {
    if (at in target) return false;
    target[at] = value;
    return true;
  }
  const inner = (target[at] ??= {});
  return typeof inner === 'object' && !Array.isArray(inner) && put(inner, rest, value);
}

function asLists(value: FormValue): FormValue {
  if (typeof value === 'string' || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, member]) => [key, asLists(member ?? '')] as const);
  const isList = entries.length > 0 && entries.every(([key], index) => key === String(index));
  return isList ? entries.map(([, member]) => member) : Object.fromEntries(entries);
}
