import http from 'node:http';
import https from 'node:https';

import { type AddressPolicy, literalHost } from './address-policy.js';
import { type GuardedAgents, guardedAgents } from './guarded-agents.js';
import { RefusedAddress } from './outbound-errors.js';
import { readSome } from './read-some.js';
import type { Resolve } from './resolve-host.js';

/** How long a request may take from its start to the end of its answer. */
const LIMIT_MS = 15_000;
const READ_BYTES_MAX = 65_536;

export interface OutboundRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface OutboundAnswer {
  readonly statusCode: number;
  readonly headers: http.IncomingHttpHeaders;
  /** At most the first 64 KB. */
  readonly body: Buffer;
}

/** Sends requests to places that others name: to public addresses only, for a bounded time, and following no redirect. */
export class OutboundClient {
  private readonly agents: GuardedAgents;

  constructor(
    private readonly policy: AddressPolicy,
    resolve: Resolve,
    private readonly limitMs = LIMIT_MS,
  ) {
    this.agents = guardedAgents(policy, resolve);
  }

  /**
   * Posts a body. A connection that was kept, and that the other side has closed meanwhile, is made anew once.
   * @throws RefusedAddress, and what the network says
   */
  async post(request: OutboundRequest): Promise<OutboundAnswer> {
    const url = new URL(request.url);
    const literal = literalHost(url.hostname);
    if (literal !== null && !this.policy.admits(literal)) throw new RefusedAddress(url.hostname);
    const signal = AbortSignal.timeout(this.limitMs);
    try {
      return await this.send(url, request, signal);
    } catch (error) {
      if (!(error instanceof StaleConnection)) throw error;
      return this.send(url, request, signal);
    }
  }

  /** Ends the connections that are kept. */
  close(): void {
    this.agents.http.destroy();
    this.agents.https.destroy();
  }

  private send(url: URL, { headers, body }: OutboundRequest, signal: AbortSignal): Promise<OutboundAnswer> {
    const bytes = Buffer.from(body);
    return new Promise((resolve, reject) => {
      const [ask, agent] =
        url.protocol === 'https:' ? [https.request, this.agents.https] : [http.request, this.agents.http];
      const asked = ask(url, {
        method: 'POST',
        agent,
        signal,
        headers: { ...headers, 'content-length': bytes.length },
      });
      asked.on('response', (response) => {
        readSome(response, READ_BYTES_MAX).then(
          (read) => resolve({ statusCode: response.statusCode ?? 0, headers: response.headers, body: read }),
          reject,
        );
      });
      asked.on('error', (error: NodeJS.ErrnoException) => {
        const isStale = asked.reusedSocket && error.code === 'ECONNRESET' && !signal.aborted;
        reject(isStale ? new StaleConnection() : error);
      });
      asked.end(bytes);
    });
  }
}

/** The other side had closed a connection that was kept, before it could have read anything on it. */
class StaleConnection extends Error {}
