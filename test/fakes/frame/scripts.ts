import type { Json } from './json-text.js';
import type { FakeRequest } from './request.js';

/** Which request a script waits for. What is absent matches all. */
export interface ScriptMatch {
  method?: string;
  /** The path, with `*` for any run of characters. */
  path?: string;
  /** Text that the address or the body has in it: a reference. */
  ref?: string;
}

/** What becomes of the request. Nothing of it keeps the provider from doing its work unless it says so. */
export interface Behaviour {
  /** Holds the answer back so long, in our milliseconds; the work is done by then. */
  delayMs?: number;
  /** The work itself takes so long, in our milliseconds. */
  workMs?: number;
  /** Answers so, and does none of the work unless `commit` is true. */
  status?: number;
  headers?: Record<string, string>;
  body?: Json;
  commit?: boolean;
  /** Ends the connection without an answer, before the work or after it. */
  drop?: 'before' | 'after-commit';
  /** An HTML page of a gateway, the true answer cut in half, or nothing at all. */
  malformed?: 'html' | 'truncated' | 'empty';
  /** Changes in the true answer's JSON. */
  patch?: Json;
  /** What the provider decides: each fake has words of its own. */
  outcome?: string;
}

export interface Script {
  match: ScriptMatch;
  do: Behaviour;
  /** How many requests it is for; one unless it says more. */
  times?: number;
}

/** Behaviours that wait for their requests; the oldest that matches is taken. */
export class Scripts {
  private waiting: { script: Script; left: number }[] = [];

  push(script: Script): void {
    this.waiting.push({ script, left: script.times ?? 1 });
  }

  take(request: FakeRequest): Script | null {
    const found = this.waiting.find(({ script }) => matches(script.match, request));
    if (!found) return null;
    found.left -= 1;
    if (found.left === 0) this.waiting = this.waiting.filter((entry) => entry !== found);
    return found.script;
  }

  /** Those that no request has come for. */
  unused(): Script[] {
    return this.waiting.map(({ script }) => script);
  }

  clear(): void {
    this.waiting = [];
  }
}

function matches({ method, path, ref }: ScriptMatch, request: FakeRequest): boolean {
  if (method && method !== request.method) return false;
  if (path && !globOf(path).test(request.path)) return false;
  if (!ref) return true;
  const address = decodeURIComponent(`${request.path}?${request.query.toString()}`);
  return address.includes(ref) || request.rawBody.includes(ref);
}

const globOf = (path: string) =>
  new RegExp(
    `^${path
      .split('*')
      .map((part) => part.replace(/[.?+^$(){}|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );
