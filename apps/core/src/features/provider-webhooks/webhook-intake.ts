import { setTimeout as sleep } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';

import { unavailable } from '../../platform/errors/common-errors.js';
import { sqlStateOf } from '../../platform/postgres/sql-state.js';
import { TenantContexts } from '../../tenancy/context/tenant-contexts.js';
import type { Mode } from '../../tenancy/tenant-context.js';
import type { NewWebhook } from './new-webhook.js';
import { storeWebhooks } from './store-webhooks.js';

/** How long the first of a group waits for others. */
const GATHER_MS = 5;
const GROUP_MAX = 200;
const GROUP_BYTES_MAX = 2 * 1_024 * 1_024;
/** What may wait for one tenant database, so that one that hangs does not fill the memory. */
const WAITING_BYTES_MAX = 32 * 1_024 * 1_024;

/** The tenant database that a webhook is for. */
export interface Place {
  readonly tenantId: string;
  readonly mode: Mode;
  readonly databaseId: string;
}

interface Waiting {
  readonly rows: readonly NewWebhook[];
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Lane {
  readonly place: Place;
  waiting: Waiting[];
  bytes: number;
}

/**
 * Stores webhooks, those of one tenant database that come within moments of each other in one statement. Nothing is
 * answered before it is committed: what is lost until then the provider sends again, or is found by being asked after.
 */
@Injectable()
export class WebhookIntake {
  private readonly lanes = new Map<string, Lane>();

  constructor(private readonly contexts: TenantContexts) {}

  /**
   * Resolves when the rows are committed, or were there before.
   * @throws unavailable, tenant_unreachable, tenant_capacity, tenant_maintenance, tenant_archived, tenant_schema_behind
   */
  keep(place: Place, rows: readonly NewWebhook[]): Promise<void> {
    const bytes = rows.reduce((sum, { body }) => sum + body.length, 0);
    const running = this.lanes.get(place.databaseId);
    const lane = running ?? { place, waiting: [], bytes: 0 };
    if (lane.bytes + bytes > WAITING_BYTES_MAX) {
      throw unavailable('More webhooks wait to be stored than there is room for. Send it again in a moment.');
    }
    lane.bytes += bytes;
    const stored = new Promise<void>((resolve, reject) =>
      lane.waiting.push({ rows, bytes, resolve, reject }),
    );
    if (!running) {
      this.lanes.set(place.databaseId, lane);
      void this.run(lane);
    }
    return stored;
  }

  private async run(lane: Lane): Promise<void> {
    await sleep(GATHER_MS);
    while (lane.waiting.length > 0) {
      const group = takeGroup(lane);
      await this.storeGroup(lane.place, group);
      lane.bytes -= group.reduce((sum, { bytes }) => sum + bytes, 0);
    }
    this.lanes.delete(lane.place.databaseId);
  }

  private async storeGroup(place: Place, group: readonly Waiting[]): Promise<void> {
    try {
      await this.store(
        place,
        group.flatMap(({ rows }) => rows),
      );
      for (const { resolve } of group) resolve();
    } catch (error) {
      // One that PostgreSQL cannot take is not to keep out those that came beside it.
      if (group.length > 1 && sqlStateOf(error)?.startsWith('22')) {
        for (const one of group) await this.storeGroup(place, [one]);
      } else {
        for (const { reject } of group) reject(error);
      }
    }
  }

  private async store({ tenantId, mode, databaseId }: Place, rows: readonly NewWebhook[]): Promise<void> {
    const actor = { type: 'system', id: 'provider_webhooks' } as const;
    const request = { tenantId, mode, actor, requestId: null, approach: 'receipt' } as const;
    await this.contexts.run(request, (ctx) => {
      if (ctx.databaseId !== databaseId)
        throw unavailable('The tenant has another database now. Send it again.');
      return storeWebhooks(ctx, rows);
    });
  }
}

function takeGroup(lane: Lane): Waiting[] {
  let bytes = 0;
  let count = 0;
  for (const waiting of lane.waiting) {
    bytes += waiting.bytes;
    if (count === GROUP_MAX || (count > 0 && bytes > GROUP_BYTES_MAX)) break;
    count++;
  }
  return lane.waiting.splice(0, count);
}
