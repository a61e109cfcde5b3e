import type { IncomingMessage, ServerResponse } from 'node:http';

import { sendReply } from './frame/behave.js';
import type { ModeOptions } from './frame/definition.js';
import { escapeHtml, page } from './frame/page.js';
import { html, json, redirect, type Reply } from './frame/reply.js';
import { readRequest, type FakeRequest } from './frame/request.js';

/** As much of a running fake as the dashboard shows. */
export interface ShownFake {
  fake: {
    name: string;
    url: string;
    controlUrl: string;
    control: { mode(name: string, options: ModeOptions): Promise<void> };
    stop(): Promise<void>;
  };
  /** What a merchant has to know. */
  keys: Readonly<Record<string, string>>;
  /** Whether the address of its webhooks is set on a dashboard, as with the real one. */
  setsWebhookUrl?: true;
  /** A page of its own for people. */
  page?: string;
}

export interface Dashboard {
  fakes: readonly ShownFake[];
}

/** One page for what merchants see on the providers' dashboards: keys, and the address of webhooks. */
export function dashboard(shown: Dashboard): (message: IncomingMessage, response: ServerResponse) => void {
  return (message, response) => {
    readRequest(message)
      .then((request) => (request ? answer(shown, request) : html('too large', 413)))
      .catch((error: unknown): Reply => json(400, { error: String(error) }))
      .then((reply) => sendReply(response, reply, {}, {}))
      .catch(() => response.destroy());
  };
}

async function answer({ fakes }: Dashboard, request: FakeRequest): Promise<Reply> {
  if (request.path === '/fakes.json') return json(200, fakes.map(describe));
  const target = fakes.find(({ fake }) => request.path === `/${fake.name}/webhook-url`);
  if (request.method === 'POST' && target) {
    const url = new URLSearchParams(request.rawBody.toString('utf8')).get('url') ?? '';
    await target.fake.control.mode('webhook-url', { url });
    return redirect('/');
  }
  if (request.path !== '/') return html(page('Fakes', '<article><h1>Nothing here</h1></article>'), 404);
  return html(
    page('Fake payment providers', `<h1>Fake payment providers</h1>${fakes.map(article).join('')}`),
  );
}

const describe = ({ fake, keys, page: ownPage }: ShownFake) => ({
  name: fake.name,
  url: fake.url,
  controlUrl: fake.controlUrl,
  page: ownPage ? fake.url + ownPage : null,
  keys,
});

function article({ fake, keys, setsWebhookUrl, page: ownPage }: ShownFake): string {
  const rows = Object.entries(keys).map(
    ([name, value]) => `<dt>${name}</dt><dd><code>${escapeHtml(value)}</code></dd>`,
  );
  const webhooks = setsWebhookUrl
    ? `<form method="post" action="/${fake.name}/webhook-url"><label>Webhooks go to<input name="url" type="url" required></label><button>Set</button></form>`
    : '';
  const own = ownPage ? `<p><a href="${fake.url}${ownPage}">Its customers’ phones</a></p>` : '';
  return `<article><h1>${fake.name}</h1><dl><dt>API</dt><dd><code>${fake.url}</code></dd>
<dt>control plane</dt><dd><code>${fake.controlUrl}/__ctl/</code></dd>${rows.join('')}</dl>${own}${webhooks}</article>`;
}
