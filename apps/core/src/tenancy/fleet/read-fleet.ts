import type pg from 'pg';

/** How late work may be before it counts as overdue: a tick, the queue and a short run lie between. */
const OVERDUE_AFTER_SECONDS = 60;
/** How many tenants are named one by one: the worst ones, never all. */
const NAMED_TENANTS_MAX = 10;

/** What central knows of the fleet. Nothing in it was asked of a tenant database at this moment. */
export interface FleetReading {
  readonly tenants: readonly { status: string; tenants: number; inMaintenance: number }[];
  readonly versions: readonly { version: string | null; databases: number }[];
  readonly due: { oldestSeconds: number; overdueDatabases: number };
  readonly samples: SampleSummary;
  /** The tenant databases that are worst off, by what was last seen of them. */
  readonly ailing: readonly AilingDatabase[];
  readonly busiest: readonly BusyDatabase[];
}

/** Sums over what was last seen of each database. `oldestSampleSeconds` says how old the oldest sight is. */
export interface SampleSummary {
  readonly sampled: number;
  readonly unreachable: number;
  readonly outboxRows: number;
  readonly oldestOutboxSeconds: number;
  readonly oldestSampleSeconds: number;
}

export interface AilingDatabase {
  readonly tenantId: string;
  readonly slug: string;
  readonly mode: string;
  readonly reachable: boolean;
  readonly outboxRows: number;
  readonly oldestOutboxSeconds: number;
  readonly sampledAt: Date;
}

export interface BusyDatabase {
  readonly tenantId: string;
  readonly slug: string;
  readonly mode: string;
  readonly connections: number;
  readonly outboxRows: number;
}

/** Reads the state of the fleet from central: a handful of queries, however many tenants there are. */
export async function readFleet(central: pg.Pool): Promise<FleetReading> {
  const [tenants, versions, due, samples, ailing, busiest] = await Promise.all([
    rowsOf<FleetReading['tenants'][number]>(central, TENANTS),
    rowsOf<FleetReading['versions'][number]>(central, VERSIONS),
    rowsOf<FleetReading['due']>(central, DUE),
    rowsOf<SampleSummary>(central, SAMPLES),
    rowsOf<AilingDatabase>(central, AILING),
    rowsOf<BusyDatabase>(central, BUSIEST),
  ]);
  return {
    tenants,
    versions,
    due: due[0] ?? { oldestSeconds: 0, overdueDatabases: 0 },
    samples: samples[0] ?? NO_SAMPLES,
    ailing,
    busiest,
  };
}

const NO_SAMPLES: SampleSummary = {
  sampled: 0,
  unreachable: 0,
  outboxRows: 0,
  oldestOutboxSeconds: 0,
  oldestSampleSeconds: 0,
};

async function rowsOf<T>(central: pg.Pool, sql: string): Promise<T[]> {
  return (await central.query(sql)).rows as T[];
}

const TENANTS = `
  SELECT status, count(*)::int AS tenants, count(maintenance_reason)::int AS "inMaintenance"
    FROM tenants GROUP BY status ORDER BY status`;

const VERSIONS = `
  SELECT schema_version AS version, count(*)::int AS databases
    FROM tenant_databases WHERE status = 'active' GROUP BY schema_version ORDER BY schema_version`;

/** Work of tenants that are not served waits by intention and is not late. */
const DUE = `
  SELECT COALESCE(GREATEST(extract(epoch FROM now() - min(w.due_at)), 0), 0)::float AS "oldestSeconds",
         (count(DISTINCT w.tenant_database_id)
           FILTER (WHERE w.due_at < now() - make_interval(secs => ${OVERDUE_AFTER_SECONDS})))::int AS "overdueDatabases"
    FROM due_work w
    JOIN tenant_databases d ON d.id = w.tenant_database_id AND d.status = 'active'
    JOIN tenants t ON t.id = d.tenant_id AND t.status = 'active' AND t.maintenance_reason IS NULL
   WHERE w.due_at <= now()`;

const SAMPLES = `
  SELECT count(*)::int AS sampled,
         (count(*) FILTER (WHERE NOT s.reachable))::int AS unreachable,
         COALESCE(sum(s.outbox_rows), 0)::int AS "outboxRows",
         COALESCE(extract(epoch FROM max(s.sampled_at - s.oldest_outbox_at)), 0)::float AS "oldestOutboxSeconds",
         COALESCE(extract(epoch FROM now() - min(s.sampled_at)), 0)::float AS "oldestSampleSeconds"
    FROM database_samples s
    JOIN tenant_databases d ON d.id = s.tenant_database_id AND d.status = 'active'`;

const SAMPLED_DATABASES = `
    FROM database_samples s
    JOIN tenant_databases d ON d.id = s.tenant_database_id AND d.status = 'active'
    JOIN tenants t ON t.id = d.tenant_id`;

const AILING = `
  SELECT t.id AS "tenantId", t.slug, d.mode, s.reachable, s.outbox_rows AS "outboxRows",
         COALESCE(extract(epoch FROM s.sampled_at - s.oldest_outbox_at), 0)::float AS "oldestOutboxSeconds",
         s.sampled_at AS "sampledAt"
  ${SAMPLED_DATABASES}
   WHERE NOT s.reachable OR s.sampled_at - s.oldest_outbox_at > make_interval(secs => ${OVERDUE_AFTER_SECONDS})
   ORDER BY s.reachable, s.sampled_at - s.oldest_outbox_at DESC NULLS LAST LIMIT ${NAMED_TENANTS_MAX}`;

const BUSIEST = `
  SELECT t.id AS "tenantId", t.slug, d.mode, s.connections, s.outbox_rows AS "outboxRows"
  ${SAMPLED_DATABASES}
   WHERE s.connections > 0 OR s.outbox_rows > 0
   ORDER BY s.connections DESC, s.outbox_rows DESC, t.id LIMIT ${NAMED_TENANTS_MAX}`;
