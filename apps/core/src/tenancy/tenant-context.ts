import type { Prisma, PrismaClient } from '@nova/prisma-tenant';
import type { Logger } from 'pino';

import type { Permission, Role } from '../platform/access/permissions.js';
import type { Clock } from '../platform/clock/clock.js';
import type { JobName, JobPayload } from '../platform/queues/catalogue.js';
import type { DueKind } from './due-work/due-kinds.js';

export type Mode = 'test' | 'live';

/** A tenant database's Prisma client, on a pool of its own. Central's is another type, so the two cannot be mixed up. */
export type TenantDatabaseClient = PrismaClient;

/** What a verb may read from: the client, or the transaction it is called in. */
export type TenantReader = PrismaClient | Prisma.TransactionClient;

/** Who acts: what the audit log says, and what the access check asked. */
export type Actor =
  | { type: 'api_key'; id: string; permissions: ReadonlySet<Permission> }
  | { type: 'user'; id: string; sessionId: string; role: Role; permissions: ReadonlySet<Permission> }
  | { type: 'operator'; id: string }
  | { type: 'system'; id: string };

/** What is known of the tenant without asking its databases: what its invoices print, and its defaults. */
export interface TenantProfile {
  readonly id: string;
  /** The platform bills its tenants as a tenant of its own. */
  readonly kind: 'customer' | 'platform';
  readonly slug: string;
  readonly name: string;
  readonly country: string | null;
  readonly currency: string;
  readonly timeZone: string;
  readonly settings: TenantSettings;
}

/** `tenants.settings` in central: what the documents print about the seller, and billing defaults. */
export interface TenantSettings {
  legalName?: string;
  email?: string;
  phone?: string;
  taxId?: string;
  registrationNumber?: string;
  address?: {
    line1?: string;
    line2?: string;
    city?: string;
    state?: string;
    postalCode?: string;
    country?: string;
  };
  invoicePrefix?: string;
  invoiceFooter?: string;
  netTermsDays?: number;
  /** How old events may be when they come; 35 days unless set. */
  lateUsageDays?: number;
  /** Hours that an invoice with usage stays a draft for late events; 1 unless set. */
  invoiceGraceHours?: number;
  /** Whether invoices over nothing are issued; they are unless set. */
  zeroInvoices?: 'finalize' | 'skip';
  /** Whether invoice numbers begin anew each year; never unless set. */
  invoiceSeriesReset?: 'never' | 'yearly';
  /** How documents look: a colour `#rrggbb`, and a logo as a data URL of a PNG or JPEG. */
  brand?: { color?: string; logo?: string };
  /** How customers pay, as documents print it: a bank account, a pay bill number. */
  paymentInstructions?: string;
  /** Where an invoice is paid online: a web address with `{number}` or `{id}` in it. */
  paymentLink?: string;
  /** Whether customers are e-mailed a receipt for each payment; they are unless set. */
  receiptEmails?: 'send' | 'none';
}

/** What a job's payload says besides whose it is. */
export type OwnPayload<N extends JobName> = Omit<JobPayload<N>, 'tenantId' | 'mode'>;

/** A transaction on the tenant's database, with what has to happen once it is committed. */
export interface TenantTransaction {
  readonly db: Prisma.TransactionClient;
  /**
   * Writes a job to the outbox in this transaction: it is put on its queue after commit, even over a crash.
   * `tenantId` and `mode` are added. The job runs at least once, so its handler is idempotent.
   */
  enqueue<N extends JobName>(job: N, payload: OwnPayload<N>): Promise<void>;
  /** The same for many jobs of a name at once. */
  enqueueAll<N extends JobName>(job: N, payloads: readonly OwnPayload<N>[]): Promise<void>;
  /** Says that work of this kind is due at this moment of the tenant's clock, at the latest. Null says nothing. */
  due(kind: DueKind, at: Date | null): void;
}

/** A statement of SQL with its parameters, `$1` and on. */
export interface Statement {
  readonly text: string;
  readonly values: readonly (string | number | Date | null)[];
}

/** The explicit first argument of every verb. */
export interface TenantContext {
  readonly tenantId: string;
  readonly databaseId: string;
  readonly mode: Mode;
  readonly tenant: TenantProfile;
  readonly db: TenantDatabaseClient;
  readonly clock: Clock;
  readonly actor: Actor;
  readonly log: Logger;
  readonly requestId: string | null;
  /** Where the request came from; null for whatever is not one. */
  readonly ip: string | null;
  /**
   * The way to write. Takes the lease on this database first (so that a crash repairs itself), runs `work`
   * in one READ COMMITTED transaction, and after commit relays its jobs and tells central what is due.
   */
  transaction<T>(work: (tx: TenantTransaction) => Promise<T>): Promise<T>;
  /** Reads past Prisma, which writes and reads large parameters several times over: for paths where that is what costs. */
  read<Row extends object>(statement: Statement): Promise<Row[]>;
  /**
   * A transaction of one statement, past Prisma and without its own BEGIN and COMMIT; else as `transaction`. For tables that the
   * audit log does not follow: it is not told who writes. `due` is what comes due with it.
   */
  write(statement: Statement, due: ReadonlyMap<DueKind, Date>): Promise<void>;
}
