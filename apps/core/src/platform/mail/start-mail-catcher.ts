import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { MailCatcher, type MailCatcherOptions } from './mail-catcher.js';
import { mailCatcherPage, type PageResponse } from './mail-catcher-page.js';

export interface RunningMailCatcher {
  readonly catcher: MailCatcher;
  /** The address of the inbox. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Runs the mail catcher by itself, SMTP and the pages, as Docker does. */
export async function startMailCatcher(
  options: MailCatcherOptions & { readonly httpPort: number },
): Promise<RunningMailCatcher> {
  const catcher = await MailCatcher.start(options);
  try {
    const server = createServer((request, response) => answer(catcher, request, response));
    server.listen(options.httpPort, catcher.host);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return { catcher, url: `http://${catcher.host}:${port}`, stop: () => stop(catcher, server) };
  } catch (error) {
    await catcher.close();
    throw error;
  }
}

function answer(catcher: MailCatcher, request: IncomingMessage, response: ServerResponse): void {
  const { status, headers, body } = pageOf(catcher, request);
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function pageOf(catcher: MailCatcher, request: IncomingMessage): PageResponse {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return {
      status: 405,
      headers: { allow: 'GET, HEAD', 'content-type': 'text/plain' },
      body: 'Only GET is known here.\n',
    };
  }
  return mailCatcherPage(catcher, { basePath: '', path: request.url ?? '/' });
}

async function stop(catcher: MailCatcher, server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  await catcher.close();
}
