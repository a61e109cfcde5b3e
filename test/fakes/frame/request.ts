import type { IncomingMessage } from 'node:http';

const BODY_MAX_BYTES = 2 * 1024 * 1024;

/** One request, as it came. */
export interface FakeRequest {
  method: string;
  /** Without the query, and not decoded. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  rawBody: Buffer;
  /** Parts of the path that the route names, decoded. */
  params: Record<string, string>;
  /** What a script wants to become of it, in the words of the provider's fake. */
  outcome: string | undefined;
  /** How long the work takes, in our milliseconds. */
  workMs: number;
}

/** Reads a request to its end; null when it is larger than any provider takes. */
export async function readRequest(message: IncomingMessage): Promise<FakeRequest | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_MAX_BYTES) return null;
    chunks.push(chunk);
  }
  const [path = '/', query = ''] = (message.url ?? '/').split('?', 2);
  return {
    method: message.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    headers: Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    ),
    rawBody: Buffer.concat(chunks),
    params: {},
    outcome: undefined,
    workMs: 0,
  };
}
