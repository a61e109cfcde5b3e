import { escapeHtml } from '../../../platform/wire/escape-html.js';

/** Markup that may be sent as it is: every text in it went through `html`. */
export class Html {
  constructor(readonly markup: string) {}
}

/** What may stand between the pieces of a template. Nothing of it is markup but what is `Html` already. */
export type HtmlPart = string | number | Html | null | undefined | false | readonly HtmlPart[];

/** A piece of a page. Texts are escaped for elements and for attributes in quotes; absent parts leave nothing. */
export function html(pieces: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return new Html(pieces.map((piece, at) => withoutIndents(piece) + markupOf(parts[at])).join(''));
}

/** Indents are for whoever reads the template. Nobody has to load them. */
function withoutIndents(piece: string): string {
  return piece.replaceAll(/\n\s+/g, '\n');
}

function markupOf(part: HtmlPart): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Html) return part.markup;
  if (typeof part === 'object') return part.map(markupOf).join('');
  return escapeHtml(String(part));
}

/** An address that a link may lead to: of the web or of this site, and nothing that runs; else null. */
export function safeHref(address: string): string | null {
  if (/^\/(?!\/)/.test(address)) return address;
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol) ? address : null;
}

/** Text whose line breaks are to be seen. */
export function paragraphs(text: string): Html {
  const lines = text.trim().split(/\n+/);
  return html`${lines.map((line) => html`<p>${line}</p>`)}`;
}
