import type { Logger } from 'pino';

import type { DatabaseSnapshot } from '../directory/tenant-directory.js';
import {
  admissions,
  evictions,
  type EvictionReason,
  refusals,
  skippedEvictions,
  unreachables,
} from './client-metrics.js';
import type { Bound } from './connection-budgets.js';
import { Seldom } from './seldom.js';

const SAID_EVERY_MS = 10_000;

type Of = Pick<DatabaseSnapshot, 'id' | 'tenantId' | 'serverName'>;

/** Tells of every decision about tenants' connections: counted always, logged in measure. */
export class ClientEvents {
  private readonly seldom = new Seldom(SAID_EVERY_MS);

  constructor(private readonly log: Logger) {}

  /** A client was opened; `evicted` others were closed to make room for it. */
  admitted(database: Of, evicted: number): void {
    admissions.inc({ how: evicted > 0 ? 'evicted' : 'room' });
    this.log.debug({ ...fieldsOf(database), evicted }, 'A tenant client was opened.');
  }

  evicted(database: Of, reason: EvictionReason): void {
    evictions.inc({ reason });
    this.log.debug({ ...fieldsOf(database), reason }, 'A tenant client is closed.');
  }

  /** Nobody could be closed to make room, for all were in use. */
  refused(database: Of, limit: Bound, held: number): void {
    skippedEvictions.inc({ limit });
    refusals.inc({ limit });
    const fields = { ...fieldsOf(database), limit, held };
    this.seldom.say(`refused ${limit} ${database.serverName}`, (suppressed) =>
      this.log.warn({ ...fields, suppressed }, `Every tenant connection of this ${limit} is in use.`),
    );
  }

  /** PostgreSQL or the pooler had no connection left, though the budgets had. */
  refusedByServer(database: Of, error: Error): void {
    refusals.inc({ limit: 'postgres' });
    this.seldom.say(`postgres ${database.serverName}`, (suppressed) =>
      this.log.warn(
        { ...fieldsOf(database), err: error, suppressed },
        'A database server has no connection left: the budgets of all processes together are above its limit.',
      ),
    );
  }

  unreachable(database: Of, error: unknown): void {
    unreachables.inc({ event: 'lost' });
    this.seldom.say(`unreachable ${database.id}`, (suppressed) =>
      this.log.warn({ ...fieldsOf(database), err: error, suppressed }, 'A tenant database does not answer.'),
    );
  }

  failedFast(): void {
    unreachables.inc({ event: 'failed_fast' });
  }

  reachable(database: Of): void {
    unreachables.inc({ event: 'recovered' });
    this.log.info(fieldsOf(database), 'A tenant database answers again.');
  }

  connectionLost(database: Of, error: Error): void {
    this.seldom.say(`connection ${database.id}`, (suppressed) =>
      this.log.warn(
        { ...fieldsOf(database), err: error, suppressed },
        'A connection to a tenant database was lost.',
      ),
    );
  }

  notClosed(database: Of, error: unknown): void {
    this.log.warn({ ...fieldsOf(database), err: error }, 'A tenant client could not be closed cleanly.');
  }
}

function fieldsOf({ id, tenantId, serverName }: Of): Record<string, string> {
  return { databaseId: id, tenantId, server: serverName };
}
