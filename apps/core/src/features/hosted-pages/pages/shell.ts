import { brandColors } from './brand-colors.js';
import { Html, html } from './html.js';
import { styleOf } from './style.js';

/** Whose page it is. */
export interface PageOwner {
  readonly name: string;
  readonly color: string | null;
  /** A data URL of a PNG or JPEG, small enough for a page. */
  readonly logo: string | null;
  readonly email: string | null;
  readonly phone: string | null;
}

export interface Page {
  readonly title: string;
  /** Null where it is not known, or not to be told, whose it is. */
  readonly owner: PageOwner | null;
  readonly isTest: boolean;
  readonly layout: 'wide' | 'narrow';
  readonly body: Html;
  /** A change of it is what a page that waits, waits for. */
  readonly state?: string;
  /** After how many seconds a browser without scripts looks again. */
  readonly refreshSeconds?: number;
}

/** What only the answer knows that carries the page: its scripts and styles run by this nonce. */
export interface PageFrame {
  readonly nonce: string;
}

const TEST_BANNER = 'Test mode – no real money';

/** A whole page. It loads nothing: style, script and logo are in it. */
export function renderPage(page: Page, { nonce }: PageFrame): string {
  const { title, owner, isTest, layout, body, state, refreshSeconds } = page;
  const style = new Html(styleOf(brandColors(owner?.color)));
  const waits = state !== undefined && refreshSeconds !== undefined;
  const script = new Html(waits ? `${ONCE}${WATCH}` : ONCE);
  return html`<!doctype html>
    <html lang="en" ${state !== undefined && html` data-state="${state}"`}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex, nofollow" />
        <meta name="referrer" content="no-referrer" />
        <meta name="color-scheme" content="light" />
        <meta name="format-detection" content="telephone=no" />
        ${waits && html`<noscript><meta http-equiv="refresh" content="${refreshSeconds}" /></noscript>`}
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style nonce="${nonce}">
          ${style}
        </style>
      </head>
      <body>
        <a class="skip" href="#main">To the content</a>
        ${isTest && html`<div class="test" role="note">${TEST_BANNER}</div>`}
        ${
          owner &&
          html`<header class="top">
            <div>${logoOf(owner)}<span>${owner.name}</span></div>
          </header>`
        }
        <main id="main" class="${layout}">${body}</main>
        ${owner && contactOf(owner, layout)}
        <script nonce="${nonce}">
          ${script};
        </script>
      </body>
    </html> `.markup;
}

function logoOf({ logo }: PageOwner): Html | null {
  return logo === null ? null : html`<img src="${logo}" alt="" />`;
}

function contactOf({ name, email, phone }: PageOwner, layout: Page['layout']): Html | null {
  if (email === null && phone === null) return null;
  const mail =
    email !== null && html`<a href="mailto:${encodeURIComponent(email).replace('%40', '@')}">${email}</a>`;
  const call = phone !== null && html`<a href="tel:${phone.replaceAll(/[^\d+]/g, '')}">${phone}</a>`;
  return html`<footer class="no-print ${layout}">
    Questions? Ask ${name}: ${mail}${mail && call && ' · '}${call}
  </footer>`;
}

/** A form is sent once: its button rests until the page is shown again. What is paid twice the server would refuse anyway. */
const ONCE = `addEventListener('submit',e=>{const b=e.submitter;setTimeout(()=>{if(b)b.disabled=true},0)});
addEventListener('pageshow',()=>{for(const b of document.querySelectorAll('button[disabled]'))b.disabled=false});`;

/** Looks whether the page would be another one by now, and shows that. Slower as time goes by; not while nobody looks. */
const WATCH = `
let wait=3000;const now=document.documentElement.dataset.state;
async function look(){
if(!document.hidden)try{const a=await fetch(location.pathname,{cache:'no-store'});
const m=/data-state="([^"]*)"/.exec(await a.text());if(m&&m[1]!==now)return location.replace(location.pathname)}catch{}
wait=Math.min(wait*1.15,20000);setTimeout(look,wait)}
setTimeout(look,wait);
addEventListener('visibilitychange',()=>{wait=3000});`;
