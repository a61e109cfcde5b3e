import { z } from 'zod';

import type { Cursors, Direction, Position } from './cursors.js';
import { MomentInputSchema } from './common-schemas.js';

export const PAGE_LIMIT_DEFAULT = 20;
export const PAGE_LIMIT_MAX = 100;

/** A query value that is written as a whole number in plain digits. */
export function integerParam(bounds: { min: number; max: number; default: number }) {
  const digits = (value: unknown) =>
    typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return z
    .preprocess(digits, z.int().min(bounds.min).max(bounds.max))
    .default(bounds.default)
    .meta({ description: `${bounds.min} to ${bounds.max}; ${bounds.default} when absent.` });
}

const pageShape = {
  limit: integerParam({ min: 1, max: PAGE_LIMIT_MAX, default: PAGE_LIMIT_DEFAULT }),
  cursor: z.string().max(1_000).optional().meta({ description: 'The nextCursor of the page before.' }),
  sort: z.enum(['-createdAt', 'createdAt']).default('-createdAt'),
  'createdAt[gte]': MomentInputSchema.optional(),
  'createdAt[gt]': MomentInputSchema.optional(),
  'createdAt[lte]': MomentInputSchema.optional(),
  'createdAt[lt]': MomentInputSchema.optional(),
};
const PageQuerySchema = z.strictObject(pageShape);

/** What every list's query has. */
export type PageQuery = z.infer<typeof PageQuerySchema>;

/**
 * The query schema of a list: page, order and `createdAt` bounds, and the feature's own filters.
 * `const ListCustomersQuerySchema = listQuery({ status: z.enum([...]).optional() })`.
 */
export function listQuery<Filters extends z.ZodRawShape>(filters: Filters) {
  return z.strictObject({ ...pageShape, ...filters });
}

/** The wire schema of a page: `const CustomerListSchema = listOf(CustomerSchema, 'CustomerList')`. */
export function listOf<Item extends z.ZodType>(item: Item, id: string) {
  return z
    .object({
      object: z.literal('list'),
      data: z.array(item),
      hasMore: z.boolean(),
      nextCursor: z
        .string()
        .nullable()
        .meta({ description: 'Give it as `cursor` to read on; null on the last page.' }),
    })
    .meta({ id });
}

export interface Page<Wire> {
  object: 'list';
  data: Wire[];
  hasMore: boolean;
  nextCursor: string | null;
}

interface MomentBounds {
  gte?: Date;
  gt?: Date;
  lte?: Date;
  lt?: Date;
}

/** The part of a Prisma `where` that selects the page. */
export interface PageWhere {
  AND: (
    | { createdAt: MomentBounds }
    | { OR: { createdAt: Date | MomentBounds; id?: { lt: string } | { gt: string } }[] }
  )[];
}

/** What a list's query gives to Prisma: `findMany({ where: { AND: [where, filters] }, orderBy, take })`. */
export interface FetchPage {
  where: PageWhere;
  orderBy: [{ createdAt: Direction }, { id: Direction }];
  /** One more than the page has, to know whether there are more. */
  take: number;
  direction: Direction;
  after: Position | null;
}

export interface Pagination<Row extends Position, Wire> {
  query: PageQuery;
  cursors: Cursors;
  fetch: (page: FetchPage) => Promise<Row[]>;
  toWire: (row: Row) => Wire;
}

/**
 * Reads one page of a list that is ordered by `createdAt` and `id`, so that rows made meanwhile shift nothing.
 * @throws invalid_cursor
 */
export async function paginate<Row extends Position, Wire>(list: Pagination<Row, Wire>): Promise<Page<Wire>> {
  const { query, cursors } = list;
  const direction: Direction = query.sort === 'createdAt' ? 'asc' : 'desc';
  const after = query.cursor === undefined ? null : cursors.read(direction, query.cursor);
  const where: PageWhere = { AND: [...createdAtBounds(query), ...rowsAfter(direction, after)] };
  const orderBy: FetchPage['orderBy'] = [{ createdAt: direction }, { id: direction }];
  const rows = await list.fetch({ where, orderBy, take: query.limit + 1, direction, after });

  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  const hasMore = rows.length > page.length;
  const nextCursor = hasMore && last ? cursors.write(direction, last) : null;
  return { object: 'list', data: page.map(list.toWire), hasMore, nextCursor };
}

function createdAtBounds(query: PageQuery): PageWhere['AND'] {
  const bounds: MomentBounds = {};
  for (const bound of ['gte', 'gt', 'lte', 'lt'] as const) {
    const moment = query[`createdAt[${bound}]`];
    if (moment !== undefined) bounds[bound] = new Date(moment);
  }
  return Object.keys(bounds).length > 0 ? [{ createdAt: bounds }] : [];
}

function rowsAfter(direction: Direction, after: Position | null): PageWhere['AND'] {
  if (!after) return [];
  const { createdAt, id } = after;
  // The first condition says nothing new, but it is what PostgreSQL starts the index scan from.
  return direction === 'asc'
    ? [
        { createdAt: { gte: createdAt } },
        { OR: [{ createdAt: { gt: createdAt } }, { createdAt, id: { gt: id } }] },
      ]
    : [
        { createdAt: { lte: createdAt } },
        { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] },
      ];
}
