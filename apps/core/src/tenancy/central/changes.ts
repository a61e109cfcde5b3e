import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import pg from 'pg';
import type { Logger } from 'pino';
import { z } from 'zod';

import { CONFIG } from '../../platform/config/config.module.js';
import type { Config } from '../../platform/config/config.schema.js';
import { LOGGER } from '../../platform/log/log.module.js';
import { MasterKeys } from '../keys/master-keys.js';
import { listenerName } from '../keys/processes-without-key.js';
import type { CentralTransaction } from './central-database.js';

const CHANNEL = 'nova_changes';
const HEARTBEAT_MS = 500;
/** Changes take effect within two seconds: a connection that has been silent for this long may be dead, without a word. */
const TRUSTED_FOR_MS = 1_800;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 5_000;

const ChangeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tenant'), tenantId: z.string() }),
  z.object({ kind: z.literal('api_key'), keyId: z.string(), hash: z.string() }),
  z.object({ kind: z.literal('session'), sessionId: z.string() }),
  z.object({ kind: z.literal('member'), tenantId: z.string(), userId: z.string() }),
  z.object({ kind: z.literal('entitlements'), tenantId: z.string() }),
  z.object({
    kind: z.literal('payment_account'),
    databaseId: z.string(),
    provider: z.string(),
    /** The hash of the token in the webhook address that it had until now. */
    tokenHash: z.string(),
  }),
  z.object({ kind: z.literal('keys') }),
]);

/** A change of central data that the caches of every process must see. It says what changed, not to what. */
export type Change = z.infer<typeof ChangeSchema>;

/** Tells every process of a change, when and only when the central transaction `tx` commits. */
export async function announce(tx: CentralTransaction, change: Change): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${CHANNEL}, ${JSON.stringify(change)})`;
}

/** The same for many changes at once. */
export async function announceAll(tx: CentralTransaction, changes: readonly Change[]): Promise<void> {
  const payloads = changes.map((change) => JSON.stringify(change));
  await tx.$executeRaw`SELECT pg_notify(${CHANNEL}, payload) FROM unnest(${payloads}::text[]) AS payload`;
}

/** The same for code that has a connection instead of a Prisma transaction. */
export async function announceOn(central: pg.ClientBase, change: Change): Promise<void> {
  await central.query('SELECT pg_notify($1, $2)', [CHANNEL, JSON.stringify(change)]);
}

/**
 * Hears of changes over a connection of its own. While that connection is away nothing can be said of what changed,
 * so `trusted()` is false and caches are to be bypassed; when it is back, the gap handlers empty them.
 */
@Injectable()
export class ChangeListener implements OnModuleInit {
  private readonly changeHandlers = new Set<(change: Change) => void>();
  private readonly gapHandlers = new Set<() => void>();
  private client: pg.Client | null = null;
  /** When that was asked which the connection has answered last. */
  private answeredAt = -Infinity;
  private asking = false;
  private failures = 0;
  private retryTimer: NodeJS.Timeout | null = null;
  private heartbeatTimer: NodeJS.Timeout | null = null;
  private closed = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.connect();
    this.heartbeatTimer = setInterval(() => void this.heartbeat(), HEARTBEAT_MS).unref();
  }

  /** Calls `handler` for every change announced anywhere, within moments of its commit. */
  onChange(handler: (change: Change) => void): void {
    this.changeHandlers.add(handler);
  }

  /** Calls `handler` when changes may have been missed: whatever was remembered is to be forgotten. */
  onGap(handler: () => void): void {
    this.gapHandlers.add(handler);
  }

  /** Whether every change committed so far is heard of in a moment. */
  trusted(): boolean {
    return this.client !== null && performance.now() - this.answeredAt < TRUSTED_FOR_MS;
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.retryTimer) clearTimeout(this.retryTimer);
    if (this.heartbeatTimer) clearInterval(this.heartbeatTimer);
    const client = this.client;
    this.client = null;
    await client?.end();
  }

  private async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.config.centralDatabaseUrl,
      application_name: listenerName(new MasterKeys(this.config)),
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
      keepAlive: true,
    });
    client.on('error', (error) =>
      this.log.warn({ err: error }, 'The connection that hears of changes has failed.'),
    );
    client.on('end', () => this.lost(client));
    client.on('notification', ({ payload }) => this.deliver(payload ?? ''));
    let askedAt: number;
    try {
      await client.connect();
      askedAt = performance.now();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      this.log.warn({ err: error }, 'Changes cannot be heard of; caches are bypassed until they can.');
      void client.end().catch(() => {});
      this.retryLater();
      return;
    }
    if (this.closed) {
      await client.end();
      return;
    }
    this.failures = 0;
    // Whatever was remembered dates from before this connection: it is forgotten before caches are trusted again.
    for (const forget of this.gapHandlers) forget();
    this.client = client;
    this.answeredAt = askedAt;
  }

  private lost(client: pg.Client): void {
    if (this.client !== client) return;
    this.client = null;
    this.retryLater();
  }

  private retryLater(): void {
    if (this.closed || this.retryTimer) return;
    const delay = Math.min(FIRST_RETRY_MS * 2 ** this.failures++, LAST_RETRY_MS);
    this.retryTimer = setTimeout(() => {
      this.retryTimer = null;
      void this.connect();
    }, delay).unref();
  }

  /** A connection may be dead without a word: one that does not answer is not trusted, and at last given up. */
  private async heartbeat(): Promise<void> {
    const client = this.client;
    if (!client || this.asking) return;
    const askedAt = performance.now();
    this.asking = true;
    try {
      await client.query('SELECT 1');
      if (this.client === client) this.answeredAt = askedAt;
    } catch {
      this.lost(client);
      void client.end().catch(() => {});
    } finally {
      this.asking = false;
    }
  }

  private deliver(payload: string): void {
    const change = parseChange(payload);
    if (!change) {
      // A newer process may announce kinds that this one does not know.
      this.log.warn({ payload }, 'A change of an unknown kind was announced.');
      return;
    }
    for (const handler of this.changeHandlers) handler(change);
  }
}

function parseChange(payload: string): Change | null {
  try {
    return ChangeSchema.safeParse(JSON.parse(payload)).data ?? null;
  } catch {
    return null;
  }
}
