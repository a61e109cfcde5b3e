import http from 'node:http';
import https from 'node:https';

/** One try of a delivery, as the sender sees it. */
export interface WebhookAttempt {
  /** In the provider's time. */
  at: string;
  /** Null when no answer came in time, or none that is HTTP. */
  status: number | null;
  latencyMs: number;
  error: string | null;
  responseBody: string;
}

export interface WebhookRequest {
  url: string;
  body: string;
  headers: Record<string, string>;
  /** How long the provider waits for the whole answer, in our milliseconds. */
  timeoutMs: number;
  /** The address that it comes from, on machines that have several: 127.0.0.2. */
  sourceAddress?: string;
}

const ANSWER_MAX = 4_096;

/** Posts the very bytes. It follows no redirect, as providers do not. */
export function sendWebhook(request: WebhookRequest, at: Date): Promise<WebhookAttempt> {
  const started = performance.now();
  return new Promise((resolve) => {
    let responseBody = '';
    const finish = (status: number | null, error: string | null) => {
      clearTimeout(timer);
      const latencyMs = Math.round(performance.now() - started);
      resolve({ at: at.toISOString(), status, latencyMs, error, responseBody });
    };
    const { request: open } = request.url.startsWith('https:') ? https : http;
    const outgoing = open(request.url, {
      method: 'POST',
      agent: false,
      headers: { ...request.headers, 'content-length': String(Buffer.byteLength(request.body)) },
      ...(request.sourceAddress ? { localAddress: request.sourceAddress } : {}),
    });
    const timer = setTimeout(() => outgoing.destroy(new Error('timed out')), request.timeoutMs);
    outgoing.on('error', (error) => finish(null, error.message));
    outgoing.on('response', (response) => {
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (responseBody = (responseBody + chunk).slice(0, ANSWER_MAX)));
      response.on('error', (error) => finish(null, error.message));
      response.on('end', () => finish(response.statusCode ?? null, null));
    });
    outgoing.end(request.body);
  });
}
