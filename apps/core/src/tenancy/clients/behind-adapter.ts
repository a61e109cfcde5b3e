import { PrismaPg } from '@prisma/adapter-pg';

import { notServedYet } from '../migrator/schema-behind.js';

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;
type Transaction = Awaited<ReturnType<Adapter['startTransaction']>>;

/** How the adapter names PostgreSQL's 42P01 and 42703. */
const MISSING = new Set(['TableDoesNotExist', 'ColumnNotFound']);

/**
 * The way into a database that lacks the newest migrations. What needs one of them is refused as `tenant_schema_behind`,
 * where on a database that lacks nothing a missing table or column is a fault of ours.
 */
export class BehindAdapter extends PrismaPg {
  override async connect(): Promise<Adapter> {
    const adapter = refusing(await super.connect());
    const begin = adapter.startTransaction.bind(adapter);
    adapter.startTransaction = async (isolationLevel) => refusing(await begin(isolationLevel));
    return adapter;
  }
}

function refusing<T extends Adapter | Transaction>(queryable: T): T {
  const query = queryable.queryRaw.bind(queryable);
  const execute = queryable.executeRaw.bind(queryable);
  queryable.queryRaw = (statement) => query(statement).catch(refuse);
  queryable.executeRaw = (statement) => execute(statement).catch(refuse);
  return queryable;
}

function refuse(error: unknown): never {
  const cause: unknown = error instanceof Error ? error.cause : null;
  const kind = typeof cause === 'object' && cause !== null && 'kind' in cause ? cause.kind : null;
  throw typeof kind === 'string' && MISSING.has(kind) ? notServedYet(error) : error;
}
