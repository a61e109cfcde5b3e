import type { FakeClock } from './clock.js';
import { writeJson, type Json, type JsonStyle } from './json-text.js';
import { sendWebhook, type WebhookAttempt } from './send-webhook.js';

/** Where a webhook goes: known, or looked up when it is sent; null goes nowhere. */
export type WebhookUrl = string | null | (() => string | null | Promise<string | null>);

/** The headers that prove where a body comes from. */
export type Signer = (body: string, secret: string, nowMs: number) => Record<string, string>;

export interface Notice {
  event: string;
  /** The merchant's reference that it is about. */
  ref: string;
  url: WebhookUrl;
  body: Json;
  secret: string;
  /** Whether what fails is tried again; it is unless this says otherwise. */
  retries?: boolean;
}

/** What a provider promises about its webhooks. */
export interface WebhookRules {
  sign: Signer;
  /** How it writes a body; plain JSON unless it says otherwise. */
  style?: JsonStyle;
  /** In the provider's time, after each failed attempt. */
  retryDelaysMs: readonly number[];
  /** In our time. */
  timeoutMs: number;
  accepts(status: number): boolean;
}

/** How webhooks leave: at once, when the test says so, or never. */
export type Dispatch = 'automatic' | 'held' | 'never';

export interface Delivery {
  id: number;
  event: string;
  ref: string;
  state: 'held' | 'sending' | 'delivered' | 'retrying' | 'failed' | 'dropped';
  body: string;
  attempts: WebhookAttempt[];
  notice: Notice;
}

/** Which deliveries are meant: those of an event, of a reference, one by its number; absent is any. */
export interface DeliveryFilter {
  id?: number;
  event?: string;
  ref?: string;
}

/** Of a fake that runs for days, the last ones are enough. */
const DELIVERIES_MAX = 5_000;

/** Sends what a provider has to say, and keeps a record of how it was received. */
export class WebhookSender {
  dispatch: Dispatch = 'automatic';
  private list: Delivery[] = [];
  private count = 0;
  private running = new Set<Promise<unknown>>();

  constructor(
    readonly rules: WebhookRules,
    readonly clock: FakeClock,
  ) {}

  /** Tells the merchant something. */
  enqueue(notice: Notice): Delivery {
    const delivery: Delivery = {
      id: ++this.count,
      event: notice.event,
      ref: notice.ref,
      state: this.dispatch === 'never' ? 'dropped' : 'held',
      body: writeJson(notice.body, this.rules.style),
      attempts: [],
      notice,
    };
    this.list.push(delivery);
    if (this.list.length > DELIVERIES_MAX) this.list.shift();
    if (this.dispatch === 'automatic') void this.track(this.deliver(delivery));
    return delivery;
  }

  deliveries(filter: DeliveryFilter = {}): Delivery[] {
    return this.list.filter(
      ({ id, event, ref }) =>
        (filter.id === undefined || filter.id === id) &&
        (filter.event === undefined || filter.event === event) &&
        (filter.ref === undefined || filter.ref === ref),
    );
  }

  /** Sends what is held. */
  async emit(filter: DeliveryFilter = {}): Promise<Delivery[]> {
    return this.inTurn(this.deliveries(filter).filter((delivery) => delivery.state === 'held'));
  }

  /** Sends what is held, the last first. */
  async reorder(filter: DeliveryFilter = {}): Promise<Delivery[]> {
    return this.inTurn(
      this.deliveries(filter)
        .filter((d) => d.state === 'held')
        .toReversed(),
    );
  }

  /** Sends the same bytes once more, freshly signed, whatever became of them before. */
  async replay(filter: DeliveryFilter = {}): Promise<Delivery[]> {
    return this.inTurn(this.deliveries(filter));
  }

  /** Sends one body with the headers given, outside of the record of deliveries. */
  async send(url: WebhookUrl, body: string, headers: Record<string, string>, sourceAddress?: string) {
    const target = typeof url === 'function' ? await url() : url;
    const { timeoutMs } = this.rules;
    if (target === null) return null;
    const request = {
      url: target,
      body,
      headers: { 'content-type': 'application/json', ...headers },
      timeoutMs,
    };
    return sendWebhook({ ...request, ...(sourceAddress ? { sourceAddress } : {}) }, this.clock.date());
  }

  /** Waits until nothing is under way; what waits for a retry is not. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }

  clear(): void {
    this.list = [];
    this.dispatch = 'automatic';
  }

  private async inTurn(deliveries: Delivery[]): Promise<Delivery[]> {
    for (const delivery of deliveries) await this.track(this.deliver(delivery));
    return deliveries;
  }

  private async deliver(delivery: Delivery): Promise<void> {
    const { notice, body } = delivery;
    delivery.state = 'sending';
    const headers = this.rules.sign(body, notice.secret, this.clock.now());
    const attempt = await this.send(notice.url, body, headers);
    if (attempt === null) {
      delivery.state = 'dropped';
      return;
    }
    delivery.attempts.push(attempt);
    if (attempt.status !== null && this.rules.accepts(attempt.status)) delivery.state = 'delivered';
    else this.retry(delivery);
  }

  private retry(delivery: Delivery): void {
    const delays = delivery.notice.retries === false ? [] : this.rules.retryDelaysMs;
    const delay = delays[delivery.attempts.length - 1];
    delivery.state = delay === undefined ? 'failed' : 'retrying';
    if (delay === undefined) return;
    this.clock.after(delay, async () => {
      if (delivery.state === 'retrying') await this.track(this.deliver(delivery));
    });
  }

  private track<T>(work: Promise<T>): Promise<T> {
    this.running.add(work);
    return work.finally(() => this.running.delete(work));
  }
}
