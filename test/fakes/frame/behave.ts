import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';

import { patched, writeJson, type JsonStyle } from './json-text.js';
import type { Reply } from './reply.js';
import type { Behaviour } from './scripts.js';

const GATEWAY_PAGE =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n';

/** Whether the provider does its work under this behaviour. */
export function commits(behaviour: Behaviour): boolean {
  if (behaviour.commit !== undefined) return behaviour.commit;
  if (behaviour.drop) return behaviour.drop === 'after-commit';
  if (behaviour.malformed) return behaviour.malformed === 'truncated';
  return behaviour.status === undefined;
}

/** The answer as the behaviour wants it; `truth` is what the provider would have said, null when it did no work. */
export function answerUnder(behaviour: Behaviour, truth: Reply | null): Reply {
  const { status, headers = {}, body, malformed, patch } = behaviour;
  if (malformed === 'html') {
    return {
      status: status ?? 502,
      text: GATEWAY_PAGE,
      headers: { 'content-type': 'text/html', ...headers },
    };
  }
  if (malformed === 'empty') return { status: status ?? truth?.status ?? 200, text: '', headers };
  const reply: Reply = { status: 200, json: {}, ...truth, headers: { ...truth?.headers, ...headers } };
  if (status !== undefined) reply.status = status;
  if (body !== undefined) return { status: reply.status, json: body, headers };
  if (patch !== undefined && reply.json !== undefined) reply.json = patched(reply.json, patch);
  return reply;
}

/** Writes the answer, late or cut in half as the behaviour wants it. */
export async function sendReply(
  response: ServerResponse,
  reply: Reply,
  { delayMs = 0, malformed }: Behaviour,
  style: JsonStyle,
): Promise<void> {
  if (delayMs > 0) await sleep(delayMs);
  const text = reply.text ?? (reply.json === undefined ? '' : writeJson(reply.json, style));
  const sent = malformed === 'truncated' ? text.slice(0, Math.ceil(text.length / 2)) : text;
  const contentType = reply.json === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(reply.status, {
    ...contentType,
    ...reply.headers,
    'content-length': Buffer.byteLength(sent),
  });
  response.end(sent);
}
