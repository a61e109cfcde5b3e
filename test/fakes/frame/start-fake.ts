import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { answerUnder, commits, sendReply } from './behave.js';
import { FakeClock } from './clock.js';
import { FakeControl } from './control.js';
import { controlRoutes } from './control-plane.js';
import type { FakeDefinition, FakeOptions, WorldParts } from './definition.js';
import { Ids } from './ids.js';
import { Journal } from './journal.js';
import { listen } from './listen.js';
import { Refused, type Reply } from './reply.js';
import { readRequest, type FakeRequest } from './request.js';
import { findRoute, type Handler, type Route } from './router.js';
import { Scripts, type Behaviour } from './scripts.js';
import { TruthLog } from './truth-log.js';
import { WebhookSender } from './webhook-sender.js';

/** A fake that runs. */
export interface RunningFake<W> {
  name: string;
  url: string;
  controlUrl: string;
  control: FakeControl<W>;
  truth: TruthLog;
  stop(): Promise<void>;
}

/** Starts a provider's fake and its control plane, each on a port of its own. */
export async function startFake<W>(
  definition: FakeDefinition<W>,
  options: FakeOptions,
): Promise<RunningFake<W>> {
  const clock = new FakeClock(options.clock);
  const rules = { ...definition.webhooks };
  if (options.webhookTimeoutMs !== undefined) rules.timeoutMs = options.webhookTimeoutMs;
  const parts: WorldParts = {
    clock,
    ids: new Ids(options.seed),
    truth: new TruthLog(),
    webhooks: new WebhookSender(rules, clock),
    url: () => provider.url,
  };
  const control = new FakeControl(definition, parts, new Scripts(), new Journal());
  const provider = await listen(http.createServer(answering(definition, control)), options.port ?? 0);
  const plane = await listen(http.createServer(planeOf(control)), options.controlPort ?? 0);
  return {
    name: definition.name,
    url: provider.url,
    controlUrl: plane.url,
    control,
    truth: parts.truth,
    stop: async () => {
      clock.clear();
      await Promise.all([provider.close(), plane.close()]);
    },
  };
}

type Listener = (message: IncomingMessage, response: ServerResponse) => void;

/** The provider: takes a request, lets the script decide what becomes of it, and keeps the journal. */
function answering<W>(definition: FakeDefinition<W>, control: FakeControl<W>): Listener {
  return (message, response) => {
    const work = async () => {
      const request = await readRequest(message);
      if (!request) return void response.writeHead(413).end();
      const { method, path, query, headers, rawBody } = request;
      const at = control.clock.date().toISOString();
      const entry = control.log.open({
        at,
        method,
        path,
        query: query.toString(),
        headers,
        rawBody: rawBody.toString('utf8'),
      });
      const script = control.scripts.take(request);
      const behaviour: Behaviour = script?.do ?? {};
      entry.scripted = script !== null;
      request.outcome = behaviour.outcome;
      request.workMs = behaviour.workMs ?? 0;
      const truth = commits(behaviour) ? await perform(definition, control.world, request) : null;
      entry.committed = truth !== null;
      if (behaviour.drop) {
        entry.ended = 'dropped';
        response.destroy();
        return;
      }
      const answer = answerUnder(behaviour, truth);
      await sendReply(response, answer, behaviour, definition.style ?? {});
      entry.status = answer.status;
      entry.ended = 'answered';
    };
    work().catch((error: unknown) => failOpenly(response, error));
  };
}

/** A fake that is wrong itself says so: what looks like a fault of the provider would hide it. */
function failOpenly(response: ServerResponse, error: unknown): void {
  // A client that goes away in the middle of its request is its own affair.
  if (response.destroyed || response.headersSent) return void response.destroy();
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  response
    .writeHead(500, { 'content-type': 'text/plain; charset=utf-8' })
    .end(`The fake itself has failed.\n${why}`);
}

async function perform<W>(definition: FakeDefinition<W>, world: W, request: FakeRequest): Promise<Reply> {
  const match = findRoute(definition.routes, request.method, request.path);
  if (match.kind === 'none') return definition.notFound(request);
  if (match.kind === 'other-method') return definition.otherMethod(request);
  request.params = match.params;
  const work = async () => {
    if (request.workMs > 0) await sleep(request.workMs);
    return refusedOr(match.route.handler, world, request);
  };
  return definition.around ? definition.around(world, request, work) : work();
}

async function refusedOr<W>(handler: Handler<W>, world: W, request: FakeRequest): Promise<Reply> {
  try {
    return await handler(world, request);
  } catch (error) {
    if (error instanceof Refused) return error.reply;
    throw error;
  }
}

/** The control plane answers mistakes of the test with what is wrong. */
function planeOf<W>(control: FakeControl<W>): Listener {
  const routes: Route<FakeControl<W>>[] = controlRoutes();
  return (message, response) => {
    const work = async () => {
      const request = await readRequest(message);
      const match = request ? findRoute(routes, request.method, request.path) : { kind: 'none' as const };
      if (!request || match.kind !== 'found') return { status: 404, json: { error: 'no such control' } };
      request.params = match.params;
      return refusedOr(match.route.handler, control, request);
    };
    work()
      .catch((error: unknown): Reply => ({ status: 400, json: { error: String(error) } }))
      .then((reply) => sendReply(response, reply, {}, {}))
      .catch(() => response.destroy());
  };
}
