import type { FakeControl } from './control.js';
import type { ForgeOptions, Forgery } from './forge-webhook.js';
import { readJsonBody } from './json-body.js';
import { textOf, type Json, type JsonObject } from './json-text.js';
import { json } from './reply.js';
import type { FakeRequest } from './request.js';
import { route, type Route } from './router.js';
import type { Script } from './scripts.js';
import type { Delivery, DeliveryFilter, Dispatch } from './webhook-sender.js';

const FORGERIES: Readonly<Record<string, Forgery>> = {
  tamper: 'tampered',
  unsigned: 'unsigned',
  stale: 'stale',
  'wrong-secret': 'wrong-secret',
  reserialise: 'reserialised',
  patch: 'patched',
};

/** The control plane: what a test in another process, or a person with curl, does with a fake. */
export function controlRoutes<W>(): Route<FakeControl<W>>[] {
  const get = (path: string, read: (control: FakeControl<W>) => Json) =>
    route<FakeControl<W>>('GET', `/__ctl/${path}`, (control) => json(200, read(control)));
  const post = (
    path: string,
    act: (control: FakeControl<W>, body: JsonObject, request: FakeRequest) => Json | Promise<Json>,
  ) =>
    route<FakeControl<W>>('POST', `/__ctl/${path}`, async (control, request) =>
      json(200, await act(control, bodyOf(request), request)),
    );
  return [
    post('script', (control, body) => {
      control.script(body as unknown as Script);
      return { waiting: control.scripts.unused().length };
    }),
    post('mode', async (control, { name, ...options }) => {
      await control.mode(textOf(name), options);
      return { mode: textOf(name) };
    }),
    post('advance', (control, body) => control.advance(body)),
    post('clock', async (control, { now, advanceMs }) => {
      if (typeof now === 'string') control.clock.set(new Date(now));
      if (typeof advanceMs === 'number') await control.clock.advance(advanceMs);
      return { now: control.clock.date().toISOString() };
    }),
    post('reset', async (control) => {
      await control.reset();
      return { reset: true };
    }),
    post('webhook/:verb', (control, body, request) =>
      webhookVerb(control, request.params['verb'] ?? '', body),
    ),
    get('journal', (control) => control.journal() as unknown as Json),
    get('webhooks', (control) => control.webhooks.deliveries().map(describeDelivery)),
    get('modes', (control) => control.modes()),
    get('truth', ({ truth }) => ({
      entries: truth.all().map((entry) => ({ ...entry, amount: String(entry.amount) })),
      violations: truth.violations(),
    })),
  ];
}

async function webhookVerb<W>(control: FakeControl<W>, verb: string, body: JsonObject): Promise<Json> {
  const { filter = {}, ...options } = body as { filter?: DeliveryFilter } & ForgeOptions & {
      dispatch?: Dispatch;
    };
  const { webhooks } = control;
  if (verb === 'dispatch') {
    webhooks.dispatch = options.dispatch ?? 'automatic';
    return { dispatch: webhooks.dispatch };
  }
  if (verb === 'emit' || verb === 'replay' || verb === 'reorder') {
    return (await webhooks[verb](filter)).map(describeDelivery);
  }
  const forgery = FORGERIES[verb];
  if (!forgery) throw new Error(`There is no webhook/${verb}.`);
  return (await control.forge(forgery, filter, options)) as Json;
}

const describeDelivery = ({ id, event, ref, state, body, attempts }: Delivery): Json => ({
  id,
  event,
  ref,
  state,
  body,
  attempts: attempts as unknown as Json,
});

function bodyOf(request: FakeRequest): JsonObject {
  if (request.rawBody.length === 0) return {};
  const read = readJsonBody(request);
  if (!read.ok) throw new Error(`The control plane takes a JSON object (${read.reason}).`);
  return read.body;
}
