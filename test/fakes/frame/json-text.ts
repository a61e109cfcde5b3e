/** A number that is written as it stands: `1500.00` has to stay that on the wire. */
export class ExactNumber {
  constructor(readonly text: string) {}
}

export type Json =
  | string
  | number
  | boolean
  | null
  | ExactNumber
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

export type JsonObject = { readonly [key: string]: Json | undefined };

/** How a provider writes JSON: some escape slashes, or everything beyond ASCII. */
export interface JsonStyle {
  escapes?: 'none' | 'slashes' | 'slashes-and-unicode';
  /** Each member on a line of its own; numbers then stay as JavaScript has them. */
  pretty?: true;
}

export const exactly = (text: string): ExactNumber => new ExactNumber(text);

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);

/** What a value says as text; what has members says nothing. */
export function textOf(value: Json | undefined, otherwise = ''): string {
  if (value instanceof ExactNumber) return value.text;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  return otherwise;
}

/** JSON text without blanks; a member that is undefined is left out. */
export function writeJson(value: Json, style: JsonStyle = {}): string {
  const { pretty, ...rest } = style;
  if (pretty) return JSON.stringify(JSON.parse(writeJson(value, rest)), null, 2);
  if (value instanceof ExactNumber) return value.text;
  if (typeof value === 'string') return writeString(value, style);
  if (Array.isArray(value)) return `[${value.map((item: Json) => writeJson(item, style)).join(',')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).flatMap(([key, member]) =>
    member === undefined ? [] : [`${writeString(key, style)}:${writeJson(member, style)}`],
  );
  return `{${members.join(',')}}`;
}

function writeString(text: string, { escapes = 'none' }: JsonStyle): string {
  const written = JSON.stringify(text);
  if (escapes === 'none') return written;
  const slashes = written.replaceAll('/', '\\/');
  if (escapes === 'slashes') return slashes;
  return slashes.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The value with the changes in it, member by member; what is no object takes the place of what was there. */
export function patched(value: Json, changes: Json): Json {
  if (!isJsonObject(value) || !isJsonObject(changes)) return changes;
  const result: Record<string, Json | undefined> = { ...value };
  for (const [key, change] of Object.entries(changes)) {
    if (change !== undefined) result[key] = patched(result[key] ?? null, change);
  }
  return result;
}
