/** An answer as it came. */
export interface HttpAnswer {
  status: number;
  headers: Headers;
  text: string;
  /** The part of the JSON body at a path of names, as `data.status`; undefined when there is none. */
  at: (path?: string) => unknown;
}

export interface HttpCall {
  method?: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as a form. */
  form?: Record<string, string>;
  /** Sent as it stands. */
  body?: string;
}

/** Calls an address as any client does, and follows no redirect. */
export async function httpCall(url: string, call: HttpCall = {}): Promise<HttpAnswer> {
  const [type, body] = bodyOf(call);
  const response = await fetch(url, {
    method: call.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: { ...(type ? { 'content-type': type } : {}), ...call.headers },
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, at: (path) => partOf(text, path) };
}

function bodyOf({ json, form, body }: HttpCall): [string | null, string | undefined] {
  if (json !== undefined) return ['application/json', JSON.stringify(json)];
  if (form) return ['application/x-www-form-urlencoded', new URLSearchParams(form).toString()];
  return [null, body];
}

function partOf(text: string, path = ''): unknown {
  const names = path === '' ? [] : path.split('.');
  return names.reduce<unknown>(
    (value, name) => (value as Record<string, unknown> | undefined)?.[name],
    JSON.parse(text),
  );
}
