import type { Prisma } from '@nova/prisma-tenant';

import { addedColumns, type AddedColumn } from './added-columns.js';
import { lackingTenantMigrations, tenantSchemaText } from './schema-versions.js';

/** Fields that a client does not read, by model: Prisma's global `omit`. */
export type OmittedFields = Readonly<Record<string, Readonly<Record<string, true>>>>;

const known = new Map<string, OmittedFields>();

/**
 * What a client must not read from a database of this version, because a migration that the database still lacks adds it.
 * Code that reads such a field finds it undefined there, and treats it as the column's default.
 */
export function omittedColumns(schemaVersion: string | null): Prisma.GlobalOmitConfig {
  const key = schemaVersion ?? '';
  let omitted = known.get(key);
  if (!omitted) {
    const files = lackingTenantMigrations(schemaVersion).map(({ sql }) => sql);
    omitted = omittedFields(addedColumns(files), files.length === 0 ? '' : tenantSchemaText());
    known.set(key, omitted);
  }
  return omitted;
}

/** The fields of Prisma's schema that stand for these columns. Columns that it does not know are never read by it. */
export function omittedFields(columns: readonly AddedColumn[], schema: string): OmittedFields {
  const omitted: Record<string, Record<string, true>> = {};
  if (columns.length === 0) return omitted;
  for (const [, model = '', body = ''] of schema.matchAll(/^model (\w+) \{\n([^]*?)^\}/gm)) {
    const table = /^\s*@@map\("([^"]+)"\)/m.exec(body)?.[1] ?? model;
    const wanted = new Set(columns.filter((added) => added.table === table).map(({ column }) => column));
    if (wanted.size === 0) continue;
    for (const [, field = '', rest = ''] of body.matchAll(/^\s+(\w+)\s+([^\n]*)$/gm)) {
      const column = /(?:^|\s)@map\("([^"]+)"\)/.exec(rest)?.[1] ?? field;
      if (wanted.has(column)) (omitted[model.charAt(0).toLowerCase() + model.slice(1)] ??= {})[field] = true;
    }
  }
  return omitted;
}
