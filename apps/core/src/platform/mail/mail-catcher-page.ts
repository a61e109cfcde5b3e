import type { CaughtAttachment, CaughtMail } from './caught-mail.js';
import type { SafeHtml } from './html.js';
import { inboxPage, messagePage, missingPage } from './inbox-pages.js';

/** Where messages are read from: the catcher. */
export interface Inbox {
  list(): readonly CaughtMail[];
  get(id: string): CaughtMail | undefined;
}

export interface PageResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** No scripts, nothing from elsewhere, framed by nobody. Inline styles, because HTML mail has no others. */
const PAGE_POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const COMMON_HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * Answers a GET of the pages that show what was caught. `path` is what follows `basePath`, the place that they are
 * mounted at (`/dev/mail`, or nothing for a server of their own).
 *
 *     /                              the inbox
 *     /messages.json                 the same for scripts
 *     /messages/<id>                 a message, also with .json
 *     /messages/<id>/raw             its source
 *     /messages/<id>/attachments/<n> a file of it
 */
export function mailCatcherPage(
  inbox: Inbox,
  { basePath, path }: { basePath: string; path: string },
): PageResponse {
  const place = { basePath };
  const [route = ''] = path.split('?');
  if (route === '' || route === '/') return pageResponse(200, inboxPage(inbox.list(), place));
  if (route === '/messages.json') return jsonResponse({ messages: inbox.list().map(summaryOf) });

  const match = /^\/messages\/([a-z0-9_]+)(\.json|\/raw|\/attachments\/(\d{1,3}))?$/.exec(route);
  const message = inbox.get(match?.[1] ?? '');
  if (!match || !message) return pageResponse(404, missingPage(place));
  const [, , part, index] = match;
  if (part === undefined) return pageResponse(200, messagePage(message, place));
  if (part === '.json')
    return jsonResponse({ ...summaryOf(message), text: message.text, html: message.html });
  if (part === '/raw') {
    return fileResponse({
      filename: `${message.id}.eml`,
      contentType: 'message/rfc822',
      content: message.raw,
    });
  }
  const attachment = message.attachments[Number(index)];
  return attachment ? fileResponse(attachment) : pageResponse(404, missingPage(place));
}

function summaryOf(message: CaughtMail): Record<string, unknown> {
  const { id, receivedAt, from, to, recipients, subject, messageId } = message;
  const attachments = message.attachments.map(({ filename, contentType, content }) => ({
    filename,
    contentType,
    size: content.length,
  }));
  return { id, receivedAt: receivedAt.toISOString(), from, to, recipients, subject, messageId, attachments };
}

function pageResponse(status: number, page: SafeHtml): PageResponse {
  const headers = {
    ...COMMON_HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': PAGE_POLICY,
  };
  return { status, headers, body: page.text };
}

function jsonResponse(value: unknown): PageResponse {
  const headers = { ...COMMON_HEADERS, 'content-type': 'application/json; charset=utf-8' };
  return { status: 200, headers, body: JSON.stringify(value, null, 2) };
}

/** PDFs open in the browser; anything else is saved, whatever its sender calls it. */
function fileResponse({ filename, contentType, content }: CaughtAttachment): PageResponse {
  const isPdf = contentType === 'application/pdf';
  const name = encodeURIComponent(filename).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  const headers = {
    ...COMMON_HEADERS,
    'content-type': isPdf ? 'application/pdf' : 'application/octet-stream',
    'content-disposition': `${isPdf ? 'inline' : 'attachment'}; filename*=UTF-8''${name}`,
  };
  return { status: 200, headers, body: content };
}
