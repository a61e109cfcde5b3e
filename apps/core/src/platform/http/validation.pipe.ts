import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { z } from 'zod';

import { invalidRequest } from '../errors/common-errors.js';
import { fieldProblems } from './field-problems.js';

/**
 * Validates every `@Body`, `@Query` and `@Param` that has a schema, and says of each place what is wrong with it. Nest's
 * own pipe gives its errors no place of the request, so a pointer could not tell a query key from a body key.
 */
@Injectable()
export class SchemaValidationPipe implements PipeTransform {
  transform(value: unknown, { schema, type, data }: ArgumentMetadata): unknown {
    if (!(schema instanceof z.ZodType) || type === 'custom') return value;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const place = data === undefined ? type : `${type}:${data}`;
    const errors = fieldProblems(parsed.error.issues, place, value);
    throw invalidRequest(summary(errors.length, type), { errors });
  }
}

function summary(count: number, type: string): string {
  const where = { body: 'body', query: 'query', param: 'path' }[type] ?? 'request';
  return count === 1 ? `One thing is wrong in the ${where}.` : `${count} things are wrong in the ${where}.`;
}
