import { setTimeout as sleep } from 'node:timers/promises';

/** On a machine that is just starting, a database may keep a reader waiting. */
const GET_ATTEMPTS = 5;
const PAUSE_MS = 1_000;

/** An answer that was not what the seed needs. */
export class UnexpectedAnswer extends Error {
  constructor(
    readonly status: number,
    request: string,
    body: string,
  ) {
    super(`${request} was answered with ${status}: ${body.slice(0, 500)}`);
    this.name = 'UnexpectedAnswer';
  }
}

/** Calls the platform over HTTP with one credential, as an integrator would. */
export class HttpClient {
  constructor(
    private readonly url: string,
    private readonly credential: string | null = null,
  ) {}

  with(credential: string): HttpClient {
    return new HttpClient(this.url, credential);
  }

  /** Reads again, a few times, what cannot be reached at the moment. */
  async get<T>(path: string): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.request<T>('GET', path);
      } catch (error) {
        const isAway = error instanceof UnexpectedAnswer && error.status === 503;
        if (!isAway || attempt >= GET_ATTEMPTS) throw error;
        await sleep(PAUSE_MS);
      }
    }
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.request<T>('POST', path, body);
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.request<T>('PATCH', path, body);
  }

  /** The object at `path`, or null when there is none. */
  async find<T>(path: string): Promise<T | null> {
    try {
      return await this.get<T>(path);
    } catch (error) {
      if (error instanceof UnexpectedAnswer && error.status === 404) return null;
      throw error;
    }
  }

  private async request<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/api${path}`, {
      method,
      headers: {
        ...(this.credential ? { authorization: `Bearer ${this.credential}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new UnexpectedAnswer(response.status, `${method} ${path}`, text);
    return JSON.parse(text) as T;
  }
}
