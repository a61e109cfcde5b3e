import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { Mailer } from './mailer.js';
import { type RunningMailCatcher, startMailCatcher } from './start-mail-catcher.js';

const PDF = Buffer.from('%PDF-1.7 not really');
const EVIL = '"><script>alert(1)</script>';

let running: RunningMailCatcher;
let sender: Mailer;

beforeEach(async () => {
  running = await startMailCatcher({ smtpPort: 0, httpPort: 0 });
  sender = new Mailer({ mail: { smtpUrl: running.catcher.smtpUrl, from: 'Nova <billing@nova.example>' } });
});

afterEach(async () => {
  await sender.onApplicationShutdown();
  await running.stop();
});

async function send(subject: string): Promise<void> {
  await sender.send({
    to: 'ap@olatunde.example',
    subject,
    text: `Text ${EVIL}`,
    html: `<p style="color: red">Hello ${EVIL}</p><img src="https://tracker.example/x.png">`,
    messageId: `<${Math.random()}@nova.example>`,
    attachments: [
      { filename: 'INV-000014.pdf', contentType: 'application/pdf', content: PDF },
      {
        filename: `a"b;c\u00e9${EVIL}.html`,
        contentType: 'text/html',
        content: Buffer.from('<script>1</script>'),
      },
    ],
  });
}

async function get(path: string): Promise<Response> {
  return fetch(running.url + path);
}

describe('the inbox', () => {
  it('says so when there is nothing', async () => {
    const response = await get('/');
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('No mail yet');
  });

  it('lists messages newest first, with everything escaped', async () => {
    await send('first');
    await send(`second ${EVIL}`);
    const page = await (await get('/')).text();
    expect(page.indexOf('second')).toBeGreaterThan(0);
    expect(page.indexOf('second')).toBeLessThan(page.indexOf('first</span>'));
    expect(page).toContain('2 messages');
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;');
    expect(page).toContain('width=device-width');
  });

  it('gives scripts the list and the messages as JSON', async () => {
    await send('first');
    const list = (await (await get('/messages.json')).json()) as { messages: { id: string }[] };
    expect(list.messages).toHaveLength(1);
    expect(list.messages[0]).toMatchObject({
      subject: 'first',
      recipients: ['ap@olatunde.example'],
      attachments: [{ filename: 'INV-000014.pdf', contentType: 'application/pdf', size: PDF.length }, {}],
    });
    const message = await (await get(`/messages/${list.messages[0]?.id}.json`)).json();
    expect(message).toMatchObject({
      subject: 'first',
      text: expect.stringContaining('Text'),
      html: expect.any(String),
    });
  });
});

describe('a message', () => {
  it("shows the sender's HTML in a sandbox that runs and loads nothing", async () => {
    await send(`Subject ${EVIL}`);
    const response = await get(`/messages/${running.catcher.list()[0]?.id}`);
    const page = await response.text();
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('content-security-policy')).not.toContain('script-src');
    expect(page).toMatch(/<iframe[^>]+sandbox="allow-popups allow-popups-to-escape-sandbox"/);
    expect(page).toMatch(
      /srcdoc="&lt;meta http-equiv=&quot;Content-Security-Policy&quot; content=&quot;default-src &#39;none&#39;/,
    );
    expect(page).not.toContain('<script');
    expect(page).not.toContain('<img');
    expect(page).toContain(`<pre>Text &quot;&gt;&lt;script&gt;`);
  });

  it('gives its files: a PDF to look at, anything else to save, whatever it says it is', async () => {
    await send('files');
    const at = `/messages/${running.catcher.list()[0]?.id}`;
    const [pdf, other, raw] = await Promise.all([
      get(`${at}/attachments/0`),
      get(`${at}/attachments/1`),
      get(`${at}/raw`),
    ]);
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(pdf.headers.get('content-disposition')).toBe("inline; filename*=UTF-8''INV-000014.pdf");
    expect(Buffer.from(await pdf.arrayBuffer()).equals(PDF)).toBe(true);
    expect(other.headers.get('content-type')).toBe('application/octet-stream');
    expect(other.headers.get('content-disposition')).toMatch(
      /^attachment; filename\*=UTF-8''a%22b%3Bc%C3%A9[^"<>]*$/,
    );
    expect(other.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await raw.text()).toContain('Delivered-To: ap@olatunde.example');
  });
});

describe('what is not there', () => {
  it.each([
    '/nothing',
    '/messages/eml_1',
    '/messages/eml_1.json',
    '/messages/..%2f..%2fetc',
    '/messages/eml_1/attachments/0',
    '/messages/__proto__',
  ])('%s is a page that says so', async (path) => {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain('There is no such message');
  });

  it('an attachment too many', async () => {
    await send('files');
    expect((await get(`/messages/${running.catcher.list()[0]?.id}/attachments/2`)).status).toBe(404);
  });

  it('other methods', async () => {
    expect((await fetch(running.url, { method: 'POST' })).status).toBe(405);
    const head = await fetch(running.url, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });
});
