import type { CaughtMail } from './caught-mail.js';
import { html, type SafeHtml } from './html.js';
import { INBOX_STYLE } from './inbox-style.js';

const REFRESH_SECONDS = 5;

/** What a page needs to link to the others. */
interface Place {
  readonly basePath: string;
}

/** The inbox, newest first. It looks again by itself every few seconds. */
export function inboxPage(messages: readonly CaughtMail[], place: Place): SafeHtml {
  const count = messages.length === 1 ? '1 message' : `${messages.length} messages`;
  const refresh = html`<meta http-equiv="refresh" content="${REFRESH_SECONDS}" />`;
  return page(
    'Caught mail',
    refresh,
    html`<h1>Caught mail</h1>
      <p class="muted">${count}, newest first. Nothing here was delivered to anyone.</p>
      <div class="card">${messages.length === 0 ? emptyInbox() : messageList(messages, place)}</div>
      <p class="muted"><a href="${place.basePath}/messages.json">As JSON</a></p>`,
  );
}

function emptyInbox(): SafeHtml {
  return html`<p class="empty muted">
    No mail yet. Finalise an invoice of a customer with an e-mail address, and look again.
  </p>`;
}

function messageList(messages: readonly CaughtMail[], { basePath }: Place): SafeHtml {
  const items = messages.map((message) => {
    const files = message.attachments.map((attachment) => attachment.filename).join(', ');
    return html`<li>
      <a href="${basePath}/messages/${message.id}">
        <span class="row"
          ><span class="subject">${subjectOf(message)}</span>${moment(message.receivedAt)}</span
        >
        <span class="row muted"><span>To ${message.recipients.join(', ')}</span><span>${files}</span></span>
      </a>
    </li>`;
  });
  return html`<ol>
    ${items}
  </ol>`;
}

/** One message: who, when, its files, the HTML in a sandbox, the text. */
export function messagePage(message: CaughtMail, place: Place): SafeHtml {
  const at = `${place.basePath}/messages/${message.id}`;
  return page(
    subjectOf(message),
    html``,
    html`<p><a href="${place.basePath}/">← Caught mail</a></p>
      <h1>${subjectOf(message)}</h1>
      <div class="card">
        <dl>
          <dt>From</dt>
          <dd>${message.from}</dd>
          <dt>To</dt>
          <dd>${message.to}</dd>
          <dt>Delivered to</dt>
          <dd>${message.recipients.join(', ')}</dd>
          <dt>Caught</dt>
          <dd>${moment(message.receivedAt)}</dd>
          <dt>Message-ID</dt>
          <dd>${message.messageId ?? ''}</dd>
        </dl>
        ${filesOf(message, at)}
      </div>
      ${message.html === null ? html`` : htmlPart(message.html)} ${textPart(message)}
      <p class="muted"><a href="${at}/raw">Source (.eml)</a> · <a href="${at}.json">As JSON</a></p>`,
  );
}

function filesOf(message: CaughtMail, at: string): SafeHtml {
  if (message.attachments.length === 0) return html``;
  const files = message.attachments.map(
    ({ filename, content }, index) =>
      html`<a href="${at}/attachments/${index}"
        >${filename} <span class="muted">${sizeOf(content.length)}</span></a
      >`,
  );
  return html`<div class="files">${files}</div>`;
}

/** The sender's HTML runs no script, is of no origin and loads nothing from elsewhere. Links open in a new tab. */
function htmlPart(source: string): SafeHtml {
  const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"><base target="_blank">`;
  return html`<div class="card">
    <iframe
      title="The message"
      sandbox="allow-popups allow-popups-to-escape-sandbox"
      referrerpolicy="no-referrer"
      srcdoc="${policy + source}"
    ></iframe>
  </div>`;
}

function textPart(message: CaughtMail): SafeHtml {
  if (message.text === null) return html``;
  const body = html`<summary>Plain text</summary>
    <pre>${message.text}</pre>`;
  return html`<div class="card">
    ${message.html === null ? html`<details open>${body}</details>` : html`<details>${body}</details>`}
  </div>`;
}

/** A page that says that there is nothing here. */
export function missingPage(place: Place): SafeHtml {
  return page(
    'Not found',
    html``,
    html`<h1>There is no such message</h1>
      <p>It may have made room for newer ones. <a href="${place.basePath}/">Back to the inbox</a></p>`,
  );
}

function page(title: string, head: SafeHtml, body: SafeHtml): SafeHtml {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${head}
        <style>
          ${INBOX_STYLE}
        </style>
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html>`;
}

function subjectOf(message: CaughtMail): string {
  return message.subject.trim() === '' ? '(no subject)' : message.subject;
}

function moment(at: Date): SafeHtml {
  const [date = '', time = ''] = at.toISOString().split('T');
  return html`<time class="muted" datetime="${at.toISOString()}">${date} ${time.slice(0, 8)} UTC</time>`;
}

function sizeOf(bytes: number): string {
  return bytes < 1024 ? `${bytes} B` : `${Math.round(bytes / 1024)} KB`;
}
