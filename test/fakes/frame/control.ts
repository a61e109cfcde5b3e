import type { FakeClock } from './clock.js';
import type { FakeDefinition, ModeOptions, WorldParts } from './definition.js';
import { forgeWebhook, type ForgeOptions, type Forgery } from './forge-webhook.js';
import type { Journal, JournalEntry } from './journal.js';
import type { Json, JsonObject } from './json-text.js';
import type { WebhookAttempt } from './send-webhook.js';
import type { Script, Scripts } from './scripts.js';
import type { TruthLog } from './truth-log.js';
import type { Delivery, DeliveryFilter, WebhookSender } from './webhook-sender.js';

/** What a test does with a fake; the control plane is the same over HTTP. */
export class FakeControl<W> {
  readonly clock: FakeClock;
  readonly truth: TruthLog;
  readonly webhooks: WebhookSender;
  /** The provider's own state. */
  world: W;

  constructor(
    private readonly definition: FakeDefinition<W>,
    private readonly parts: WorldParts,
    readonly scripts: Scripts,
    readonly log: Journal,
  ) {
    this.clock = parts.clock;
    this.truth = parts.truth;
    this.webhooks = parts.webhooks;
    this.world = definition.createWorld(parts);
  }

  /** Decides about a request that is still to come. */
  script(script: Script): void {
    this.scripts.push(script);
  }

  /** Puts the provider into one of its named states. */
  async mode(name: string, options: ModeOptions = {}): Promise<void> {
    const mode = this.definition.modes[name];
    if (!mode)
      throw new Error(
        `${this.definition.name} has no mode ${name}: ${Object.keys(this.definition.modes).join(', ')}`,
      );
    await mode.set(this.world, options, (script) => this.script(script));
  }

  /** The modes, each with a sentence. */
  modes(): Record<string, string> {
    return Object.fromEntries(
      Object.entries(this.definition.modes).map(([name, { about }]) => [name, about]),
    );
  }

  /** Settles what waits at the provider. */
  async advance(order: JsonObject): Promise<Json> {
    return this.definition.advance(this.world, order);
  }

  /** Sends a forged likeness of the last delivery that the filter finds. */
  async forge(
    forgery: Forgery,
    filter: DeliveryFilter = {},
    options: ForgeOptions = {},
  ): Promise<WebhookAttempt | null> {
    return forgeWebhook(this.webhooks, this.lastDelivery(filter), forgery, options);
  }

  lastDelivery(filter: DeliveryFilter = {}): Delivery {
    const delivery = this.webhooks.deliveries(filter).at(-1);
    if (!delivery) throw new Error(`No delivery is like ${JSON.stringify(filter)}.`);
    return delivery;
  }

  journal(): readonly JournalEntry[] {
    return this.log.all();
  }

  /** As after the start, once nothing is under way: what was seeded is there again, and the time stays. */
  async reset(): Promise<void> {
    this.clock.clear();
    await this.webhooks.idle();
    this.scripts.clear();
    this.log.clear();
    this.truth.clear();
    this.webhooks.clear();
    this.clock.clear();
    this.world = this.definition.createWorld(this.parts);
  }
}
