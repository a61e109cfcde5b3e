import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { listen } from '../fakes/frame/listen.js';
import { readRequest } from '../fakes/frame/request.js';

/** What came in, the body to the byte. */
export interface ReceivedWebhook {
  path: string;
  headers: Record<string, string>;
  body: string;
  remoteAddress: string;
}

export interface MerchantInbox {
  url: string;
  received: ReceivedWebhook[];
  /** Statuses of the next answers; 200 once they are used up. */
  answers: number[];
  /** Before each answer, in milliseconds. */
  delayMs: number;
  stop(): Promise<void>;
}

/** A merchant's address for webhooks, which believes everything. */
export async function startMerchantInbox(): Promise<MerchantInbox> {
  const receiver: MerchantInbox = { url: '', received: [], answers: [], delayMs: 0, stop: async () => {} };
  const server = http.createServer((message, response) => {
    const take = async () => {
      const request = await readRequest(message);
      if (!request) return;
      const { path, headers, rawBody } = request;
      const remoteAddress = message.socket.remoteAddress ?? '';
      receiver.received.push({ path, headers, body: rawBody.toString('utf8'), remoteAddress });
      const status = receiver.answers.shift() ?? 200;
      if (receiver.delayMs > 0) await sleep(receiver.delayMs);
      response.writeHead(status).end();
    };
    take().catch(() => response.destroy());
  });
  const listening = await listen(server, 0);
  return Object.assign(receiver, { url: listening.url, stop: () => listening.close() });
}
