/** As much of JSON Schema as our own schemas use. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly example?: unknown;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly format?: string;
  readonly minimum?: number;
}

const MOMENT = '2026-01-31T09:00:00.000Z';
const DATE = '2026-01-31';
/** Objects within objects beyond this depth are left out where they may be: schemas may contain themselves. */
const DEPTH_MAX = 8;

/** A value that fits a schema: its own example or default where it has one, the plainest value where it has none. */
export function exampleOfSchema(schema: JsonSchema): unknown {
  return valueOf(schema, { defs: schema.$defs ?? schema.definitions ?? {}, name: '', depth: 0 });
}

interface Place {
  readonly defs: Readonly<Record<string, JsonSchema>>;
  /** The property that it is the value of. */
  readonly name: string;
  readonly depth: number;
}

function valueOf(schema: JsonSchema, place: Place): unknown {
  if (schema.example !== undefined) return schema.example;
  if (schema.examples?.[0] !== undefined) return schema.examples[0];
  if (schema.default !== undefined) return schema.default;
  if ('const' in schema) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.$ref !== undefined) {
    const target = place.defs[schema.$ref.split('/').at(-1) ?? ''];
    return target && place.depth < DEPTH_MAX ? valueOf(target, { ...place, depth: place.depth + 1 }) : null;
  }
  const [first] = schema.anyOf ?? schema.oneOf ?? schema.allOf ?? [];
  if (first) return valueOf(first, place);
  return plainValue(schema, place);
}

function plainValue(schema: JsonSchema, place: Place): unknown {
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, property]) => [
          name,
          valueOf(property, { ...place, name, depth: place.depth + 1 }),
        ]),
      );
    case 'array':
      return schema.items && place.depth < DEPTH_MAX
        ? [valueOf(schema.items, { ...place, depth: place.depth + 1 })]
        : [];
    case 'string':
      return plainText(schema, place.name);
    case 'integer':
    case 'number':
      return schema.minimum !== undefined && schema.minimum > 1 ? schema.minimum : 1;
    case 'boolean':
      return true;
    case undefined:
      // What JSON Schema cannot say of ours are texts that are tidied on their way in.
      return plainText(schema, place.name);
    default:
      return null;
  }
}

function plainText({ format }: JsonSchema, name: string): string {
  if (format === 'date-time') return MOMENT;
  if (format === 'date') return DATE;
  return /(^id|Id)$/.test(name) ? '01ke4v7m2qf7ct3xv0ab9d8h6r' : name || 'text';
}
