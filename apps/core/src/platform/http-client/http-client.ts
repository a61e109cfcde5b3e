import axios, { type AxiosInstance, isAxiosError } from 'axios';
import type { Logger } from 'pino';

import { type Agents, connectingAgents } from './connecting-agents.js';
import { GUARD_LIMITS, type GuardedCalls, type GuardLimits, type NoAnswer } from './guarded-calls.js';
import { type LosslessJson, readJson } from './read-json.js';

const CONNECT_MS = 10_000;
const ANSWER_BYTES_MAX = 2 * 1_048_576;

export interface HttpCall {
  readonly method: 'GET' | 'POST';
  /** The parts of the path, each put into the address as one part whatever it holds. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What came back, whatever its status. `body` is undefined when it is not JSON. */
export interface HttpAnswer {
  readonly kind: 'answer';
  readonly status: number;
  readonly body: LosslessJson | undefined;
}

/** Who calls whom. */
export interface HttpClientOptions {
  /** Where the paths begin, for example `https://api.paystack.co`. */
  readonly baseUrl: string;
  /** Whose circuit, bulkhead and time-outs these calls share, for example `paystack:ppa_1`. */
  readonly account: string;
  readonly totalMs?: number;
  /** Which answers speak for a provider in trouble; 429 and 5xx unless given. */
  readonly isTrouble?: (answer: HttpAnswer) => boolean;
  readonly calls: GuardedCalls;
  readonly log: Logger;
}

const agents: Agents = connectingAgents(CONNECT_MS);
/** Bodies stay bytes: what they are is decided here, without floats. Proxies and redirects would take keys elsewhere. */
const transport: AxiosInstance = axios.create({
  httpAgent: agents.http,
  httpsAgent: agents.https,
  proxy: false,
  maxRedirects: 0,
  maxContentLength: ANSWER_BYTES_MAX,
  responseType: 'arraybuffer',
  validateStatus: () => true,
  transformResponse: (data: unknown) => data,
});

/**
 * Calls one company's API for one account: JSON out, JSON in with numbers as texts. No call is ever repeated, no redirect
 * followed, and an answer that is not there is a value and no exception. Logs tell of method, place, status and time,
 * never of headers, queries or bodies.
 */
export class HttpClient {
  constructor(private readonly options: HttpClientOptions) {}

  async call(call: HttpCall): Promise<HttpAnswer | NoAnswer> {
    const { account, calls, log, totalMs = GUARD_LIMITS.totalMs } = this.options;
    const isTrouble = this.options.isTrouble ?? isRefusedOrBroken;
    const limits: GuardLimits = { ...GUARD_LIMITS, totalMs };
    const startedAt = performance.now();
    const place = new URL(this.options.baseUrl).host;
    const answer = await calls.run(
      { account, place, limits },
      (signal) => this.send(call, signal),
      isTrouble,
    );
    log.debug(
      {
        account,
        method: call.method,
        host: place,
        status: answer.kind === 'answer' ? answer.status : answer.reason,
        durationMs: Math.round(performance.now() - startedAt),
      },
      'A provider was called.',
    );
    return answer;
  }

  private async send(call: HttpCall, signal: AbortSignal): Promise<HttpAnswer> {
    try {
      const { status, data } = await transport.request<Buffer>({
        method: call.method,
        url: addressOf(this.options.baseUrl, call),
        headers: {
          accept: 'application/json',
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...call.headers,
        },
        ...(call.body === undefined ? {} : { data: JSON.stringify(call.body) }),
        signal,
      });
      return { kind: 'answer', status, body: readJson(Buffer.from(data).toString('utf8')) };
    } catch (error) {
      // The error of axios carries the request with its keys: only its code goes on.
      if (!isAxiosError(error)) throw error;
      throw Object.assign(new Error(error.code ?? 'no answer'), { code: error.code });
    }
  }
}

/** The address of a call. @throws RangeError for a part that would climb out of the path */
export function addressOf(baseUrl: string, { path, query = {} }: Pick<HttpCall, 'path' | 'query'>): string {
  for (const part of path) {
    if (/^\.{0,2}$/.test(part)) throw new RangeError('A part of a path must not be empty or dots.');
  }
  const url = new URL(baseUrl);
  const base = url.pathname.replace(/\/$/, '');
  url.pathname = [base, ...path.map((part) => encodeURIComponent(part))].join('/');
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

function isRefusedOrBroken({ status }: HttpAnswer): boolean {
  return status >= 500 || status === 429;
}
