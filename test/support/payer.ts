/** A page as a payer has it. */
export interface SeenPage {
  readonly status: number;
  readonly url: string;
  /** What the page says, without its markup. */
  readonly text: string;
  readonly markup: string;
  readonly headers: Headers;
}

const REDIRECTS_MAX = 8;

/** A customer with a browser that runs no scripts: opens pages, follows where they send it, and sends forms. */
export class Payer {
  open(url: string): Promise<SeenPage> {
    return this.go(url, { method: 'GET' });
  }

  /** Sends a form as the browser of a person does who is at the page. */
  send(url: string, fields: Record<string, string>, headers: Record<string, string> = {}): Promise<SeenPage> {
    return this.go(url, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin', origin: 'null', ...headers },
      body: new URLSearchParams(fields),
    });
  }

  /** Clicks the button of a fake provider's page, whose forms have no fields. */
  press(page: SeenPage, choice: string): Promise<SeenPage> {
    const action = [...page.markup.matchAll(/action="([^"]+)"/g)]
      .map(([, address = '']) => address)
      .find((address) => address.endsWith(`/${choice}`));
    if (action === undefined) throw new Error(`${page.url} has no button ${choice}: ${page.text}`);
    return this.send(new URL(action, page.url).href, {});
  }

  private async go(url: string, init: RequestInit): Promise<SeenPage> {
    let at = url;
    let request = init;
    for (let hops = 0; hops < REDIRECTS_MAX; hops++) {
      const response = await fetch(at, { ...request, redirect: 'manual' });
      const location = response.headers.get('location');
      const markup = await response.text();
      if (location === null || response.status < 300 || response.status >= 400)
        return { status: response.status, url: at, text: textOf(markup), markup, headers: response.headers };
      at = new URL(location, at).href;
      request = { method: 'GET' };
    }
    throw new Error(`${url} sends one round in circles.`);
  }
}

function textOf(markup: string): string {
  return markup
    .replaceAll(/<(style|script)[^>]*>[\s\S]*?<\/\1>/g, ' ')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
