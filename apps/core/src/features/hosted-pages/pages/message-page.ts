import { html, type Html, paragraphs, safeHref } from './html.js';
import type { Page, PageOwner } from './shell.js';

export interface Message {
  readonly heading: string;
  readonly text: string;
  readonly links?: readonly { readonly href: string; readonly text: string }[];
}

/** A page that says one thing: what is wrong, or that all is done. */
export function messagePage(
  message: Message,
  { owner = null, isTest = false }: { owner?: PageOwner | null; isTest?: boolean } = {},
): Page {
  const { heading, text, links = [] } = message;
  return {
    title: heading,
    owner,
    isTest,
    layout: 'narrow',
    body: html`<section class="card stack">
      <h1>${heading}</h1>
      ${paragraphs(text)}${links.map(linkOf)}
    </section>`,
  };
}

function linkOf({ href, text }: { href: string; text: string }): Html | null {
  const address = safeHref(href);
  return address === null ? null : html`<p><a class="button plain" href="${address}">${text}</a></p>`;
}
