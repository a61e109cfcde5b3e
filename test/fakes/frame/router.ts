import type { FakeRequest } from './request.js';
import type { Reply } from './reply.js';

/** What answers a request, in the world of one provider. */
export type Handler<W> = (world: W, request: FakeRequest) => Reply | Promise<Reply>;

export interface Route<W> {
  method: string;
  /** `:name` takes one part of the path. */
  pattern: string;
  handler: Handler<W>;
}

export const route = <W>(method: string, pattern: string, handler: Handler<W>): Route<W> => ({
  method,
  pattern,
  handler,
});

export type Match<W> =
  | { kind: 'found'; route: Route<W>; params: Record<string, string> }
  | { kind: 'other-method' }
  | { kind: 'none' };

/** Finds the route of a path as it was sent: dots in it stay dots, and an encoded slash is no slash. */
export function findRoute<W>(routes: readonly Route<W>[], method: string, path: string): Match<W> {
  let otherMethod = false;
  for (const candidate of routes) {
    const params = paramsOf(candidate.pattern, path);
    if (!params) continue;
    if (candidate.method === method) return { kind: 'found', route: candidate, params };
    otherMethod = true;
  }
  return { kind: otherMethod ? 'other-method' : 'none' };
}

function paramsOf(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (!part.startsWith(':')) {
      if (part !== value) return null;
      continue;
    }
    try {
      params[part.slice(1)] = decodeURIComponent(value);
    } catch {
      return null;
    }
    if (value === '') return null;
  }
  return params;
}
