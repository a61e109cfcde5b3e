import type { SwaggerDocumentOptions } from '@nestjs/swagger';
import { z } from 'zod';

type Convert = NonNullable<SwaggerDocumentOptions['standardSchemaConverter']>;

/**
 * Turns a zod schema into JSON Schema as OpenAPI 3.1 has it. Nest's own conversion is to OpenAPI 3.0, where "or null"
 * cannot be said of a schema that is referred to by name.
 */
export const convertSchema: Convert = (schema, { schemaType }) => {
  if (!(schema instanceof z.ZodType)) return undefined;
  const converted = z.toJSONSchema(schema, { io: schemaType, target: 'draft-2020-12' });
  const { $schema: _dialect, $defs, '~standard': _standard, ...rest } = converted as Record<string, unknown>;
  return { schema: rest, components: withoutIds($defs as Record<string, object> | undefined) };
};

/** The names are the keys already; as `id` they would be keywords that JSON Schema does not know. */
function withoutIds(definitions: Record<string, object> = {}): Record<string, object> {
  return Object.fromEntries(
    Object.entries(definitions).map(([name, { id: _id, ...definition }]: [string, { id?: string }]) => [
      name,
      definition,
    ]),
  );
}
