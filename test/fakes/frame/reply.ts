import type { Json } from './json-text.js';

/** What a fake answers. JSON stays unwritten until it goes out, so that a script may change it. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  json?: Json;
  text?: string;
}

export const json = (status: number, body: Json, headers: Record<string, string> = {}): Reply => ({
  status,
  json: body,
  headers,
});

export const html = (text: string, status = 200): Reply => ({
  status,
  text,
  headers: { 'content-type': 'text/html; charset=utf-8' },
});

/** Sends a browser on. */
export const redirect = (location: string): Reply => ({ status: 303, text: '', headers: { location } });

/** The provider's refusal: a handler throws it as soon as it knows, and the frame answers with what it carries. */
export class Refused extends Error {
  constructor(readonly reply: Reply) {
    super(`refused with ${reply.status}`);
  }
}
