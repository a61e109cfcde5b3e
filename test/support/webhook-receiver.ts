import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { Webhook } from 'standardwebhooks';

/** A request that the receiver got. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The event in a delivery. */
export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly sequence: number;
  readonly mode: string;
  readonly data: Record<string, never> & { object: Record<string, unknown> };
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A tenant's own server that webhooks are posted to: real, on a port of this machine. */
export class WebhookReceiver {
  readonly received: Received[] = [];
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private answer: Answer,
  ) {}

  static async start(answer: Answer = ok): Promise<WebhookReceiver> {
    const server = createServer();
    const receiver = new WebhookReceiver(server, answer);
    server.on('connection', (socket) => {
      receiver.sockets.add(socket);
      socket.on('close', () => receiver.sockets.delete(socket));
    });
    server.on('request', (request, response) => void receiver.take(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  /** Where it listens. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hooks`;
  }

  /** How it answers from now on. */
  answerWith(answer: Answer): void {
    this.answer = answer;
  }

  /** The events it got, in the order they came. */
  events(): ReceivedEvent[] {
    return this.received.map(({ body }) => JSON.parse(body) as ReceivedEvent);
  }

  /** @throws WebhookVerificationError when one was not signed with this secret */
  verifyAll(secret: string): void {
    for (const { body, headers } of this.received) {
      new Webhook(secret).verify(body, headers as Record<string, string>);
    }
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    this.received.push({ path: request.url ?? '', headers: request.headers, body });
    this.answer(request, response);
  }
}

/** Takes everything. */
export function ok(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(204).end();
}

/** Answers with a status, and headers where there are to be some. */
export function status(code: number, headers: Record<string, string> = {}): Answer {
  return (_request, response) => void response.writeHead(code, headers).end(`status ${code}`);
}
