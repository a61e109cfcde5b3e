import type { OpenAPIObject } from '@nestjs/swagger';

interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  example?: unknown;
  default?: unknown;
  enum?: unknown[];
  const?: unknown;
  items?: Schema;
  properties?: Record<string, Schema>;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  minimum?: number;
}

const BY_FORMAT: Readonly<Record<string, string>> = {
  'date-time': '2026-01-31T09:00:00.000Z',
  date: '2026-01-31',
  email: 'ada@acme.example',
  uri: 'https://nova.example/',
  uuid: '01890a5d-ac96-774b-bcce-b302099a8057',
};
const DEPTH_MAX = 18;

/** A value that fits a schema, from the examples its fields have: what an answer looks like. */
export function exampleOf(schema: object, document: OpenAPIObject): unknown {
  const schemas: Record<string, Schema | undefined> = document.components?.schemas ?? {};
  return sample(schema, '', (name) => schemas[name], 0);
}

type Resolve = (name: string) => Schema | undefined;

function sample(schema: Schema, name: string, resolve: Resolve, depth: number): unknown {
  if (depth > DEPTH_MAX) return null;
  const inner = (part: Schema | undefined) => (part ? sample(part, name, resolve, depth + 1) : null);
  if (schema.example !== undefined) return schema.example;
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.$ref) return inner(resolve(schema.$ref.split('/').at(-1) ?? ''));
  if (schema.allOf?.length === 1) return inner(schema.allOf[0]);
  const branch = (schema.anyOf ?? schema.oneOf)?.[0];
  if (branch) return inner(branch);
  if (schema.type === 'array') return schema.items ? [inner(schema.items)] : [];
  if (schema.properties) return sampleObject(schema.properties, resolve, depth);
  return scalar(schema, name);
}

function sampleObject(
  properties: Record<string, Schema>,
  resolve: Resolve,
  depth: number,
): Record<string, unknown> {
  const entries = Object.entries(properties).map(([key, property]): [string, unknown] => [
    key,
    sample(property, key, resolve, depth + 1),
  ]);
  return Object.fromEntries(entries);
}

function scalar(schema: Schema, name: string): unknown {
  const types = [schema.type ?? 'object'].flat();
  if (types.includes('boolean')) return false;
  if (types.includes('integer') || types.includes('number')) return Math.max(schema.minimum ?? 1, 1);
  if (types.includes('object')) return {};
  if (schema.format && BY_FORMAT[schema.format]) return BY_FORMAT[schema.format];
  if (types.includes('null')) return null;
  return /(^id|Id)$/.test(name) ? '…' : 'text';
}
