/** An answer, its body parsed when it is JSON. */
export interface ApiResponse {
  status: number;
  // A test reads into the body freely; the schemas are checked where the OpenAPI document is tested.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
  headers: Headers;
  bytes: Buffer;
}

/** Calls the API over real HTTP with one credential. Paths are below `/api`. */
export class Api {
  constructor(
    readonly url: string,
    readonly token: string | null,
    private readonly defaultHeaders: Readonly<Record<string, string>> = {},
  ) {}

  get(path: string, headers?: Record<string, string>): Promise<ApiResponse> {
    return this.request('GET', path, undefined, headers);
  }

  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiResponse> {
    return this.request('POST', path, body, headers);
  }

  patch(path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiResponse> {
    return this.request('PATCH', path, body, headers);
  }

  delete(path: string, headers?: Record<string, string>): Promise<ApiResponse> {
    return this.request('DELETE', path, undefined, headers);
  }

  /** The same API with headers on every request, such as `Nova-Mode`. */
  with(headers: Record<string, string>): Api {
    return new Api(this.url, this.token, { ...this.defaultHeaders, ...headers });
  }

  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiResponse> {
    const response = await fetch(`${this.url}/api${path}`, {
      method,
      headers: {
        ...(this.token ? { authorization: `Bearer ${this.token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...this.defaultHeaders,
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    const text = bytes.toString('utf8');
    return {
      status: response.status,
      body: isJson && text ? JSON.parse(text) : text,
      headers: response.headers,
      bytes,
    };
  }
}

/** The body, when the answer has the expected status; else an error that shows what came instead. */
export function expectStatus<T extends ApiResponse>(response: T, status: number): T['body'] {
  if (response.status !== status) {
    throw new Error(`Expected ${status}, got ${response.status}: ${JSON.stringify(response.body, null, 2)}`);
  }
  return response.body;
}
