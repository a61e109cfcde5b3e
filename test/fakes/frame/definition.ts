import type { FakeClock, ClockOptions } from './clock.js';
import type { Ids } from './ids.js';
import type { Json, JsonObject, JsonStyle } from './json-text.js';
import type { FakeRequest } from './request.js';
import type { Reply } from './reply.js';
import type { Route } from './router.js';
import type { Script } from './scripts.js';
import type { TruthLog } from './truth-log.js';
import type { WebhookRules, WebhookSender } from './webhook-sender.js';

/** What every fake takes when it starts. */
export interface FakeOptions {
  /** Any free port unless named. */
  port?: number;
  controlPort?: number;
  clock?: ClockOptions;
  /** The same seed gives the same identifiers. */
  seed?: string;
  /** How long a receiver of webhooks has, in our milliseconds; the provider's own time-out unless named. */
  webhookTimeoutMs?: number;
}

/** What the frame lends a provider's world. */
export interface WorldParts {
  clock: FakeClock;
  ids: Ids;
  truth: TruthLog;
  webhooks: WebhookSender;
  /** Where the fake is reached, without a slash at the end. */
  url: () => string;
}

/** What a named mode needs to know: most are about one reference. */
export interface ModeOptions {
  ref?: string;
  [name: string]: Json | undefined;
}

/** Puts a provider into one of the states that it is known for. */
export interface Mode<W> {
  about: string;
  set: (world: W, options: ModeOptions, script: (script: Script) => void) => void | Promise<void>;
}

/** One provider's fake, for the frame to run. */
export interface FakeDefinition<W> {
  name: string;
  webhooks: WebhookRules;
  /** How it writes its answers. */
  style?: JsonStyle;
  createWorld(parts: WorldParts): W;
  routes: readonly Route<W>[];
  /** In the provider's own shape. */
  notFound(request: FakeRequest): Reply;
  otherMethod(request: FakeRequest): Reply;
  /** Stands around the work of every known route; absent where nothing does. */
  around?(world: W, request: FakeRequest, work: () => Promise<Reply>): Promise<Reply>;
  /** Settles what waits: which words it knows is the provider's own. */
  advance(world: W, order: JsonObject): Json | Promise<Json>;
  modes: Readonly<Record<string, Mode<W>>>;
}
