import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';

import { systemClock } from '../../../platform/clock/clock.js';
import { CONFIG } from '../../../platform/config/config.module.js';
import type { Config } from '../../../platform/config/config.schema.js';
import { LOGGER } from '../../../platform/log/log.module.js';
import { OutboundClient } from '../../../platform/outbound/outbound-client.js';
import { TenantContexts } from '../../../tenancy/context/tenant-contexts.js';
import type { TenantContext } from '../../../tenancy/tenant-context.js';
import { WebhookSecrets } from '../webhook-secrets.js';
import { dueEndpoints, leaseEndpoints, leaveForAWhile, returnEndpoint } from './due-endpoints.js';
import { type LaneDeps, runLane, type WithContext } from './lane.js';
import { TenantGates } from './tenant-gates.js';

/**
 * Sends what is due, each endpoint in a lane of its own. A job opens the lanes and is done: what they wait for are other
 * people's servers, and a job that waited with them would keep its queue from everybody else.
 */
@Injectable()
export class WebhookDispatcher implements OnModuleDestroy {
  private readonly deps: LaneDeps;
  private readonly ending = new AbortController();
  private readonly lanes = new Set<Promise<void>>();
  private readonly gates = new TenantGates();

  constructor(
    client: OutboundClient,
    secrets: WebhookSecrets,
    private readonly contexts: TenantContexts,
    @Inject(CONFIG) config: Config,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.deps = { client, secrets, publicUrl: config.publicUrl, ending: this.ending.signal };
  }

  /** Opens a lane for each endpoint that something is due for. On a clock that stands still it waits for them all. */
  async deliverDue(ctx: TenantContext): Promise<void> {
    const ids = await dueEndpoints(ctx);
    if (ctx.clock !== systemClock) {
      const within: WithContext = (work) => work(ctx);
      await Promise.all(ids.map((id) => runLane(this.deps, id, { within, clock: 'stands' })));
      return;
    }
    const { tenantId, mode, actor, databaseId } = ctx;
    const within: WithContext = (work) =>
      this.gates.through(databaseId, () =>
        this.contexts.run({ tenantId, mode, actor, requestId: null }, work),
      );
    for (const id of await leaseEndpoints(ctx, ids)) this.open(id, within);
  }

  /** Resolves when nothing is being sent. */
  async idle(): Promise<void> {
    while (this.lanes.size > 0) await Promise.allSettled(this.lanes);
  }

  /** What is under way ends within the limit of a request; what is left is due still. */
  onModuleDestroy(): Promise<void> {
    this.ending.abort();
    return this.idle();
  }

  private open(endpointId: string, within: WithContext): void {
    const lane = this.run(endpointId, within);
    this.lanes.add(lane);
    const done = () => this.lanes.delete(lane);
    lane.then(done, done);
  }

  /** Where a tenant is stopped or its database away, the endpoint cannot even be left: its lease ends by itself. */
  private async run(endpointId: string, within: WithContext): Promise<void> {
    const failed = (err: unknown) =>
      this.log.warn({ err, endpointId }, 'Webhooks could not be sent for now, and are sent later.');
    try {
      await runLane(this.deps, endpointId, { within, clock: 'runs' });
      await within((ctx) => returnEndpoint(ctx, endpointId));
    } catch (error) {
      failed(error);
      await within((ctx) => leaveForAWhile(ctx, endpointId)).catch(failed);
    }
  }
}
