import { describe, expect, it } from 'vitest';

import { html, paragraphs, safeHref } from './html.js';

describe('a piece of a page', () => {
  it('escapes every text, also in attributes', () => {
    const name = `<img src=x onerror="alert('1')">&`;
    expect(html`<p title="${name}">${name}</p>`.markup).toBe(
      '<p title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;">' +
        '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;</p>',
    );
  });

  it('takes pieces as they are, lists of them, and nothing for what is absent', () => {
    const items = ['<1>', 2].map((item) => html`<li>${item}</li>`);
    const list = html`<ul>
      ${items}${null}${undefined}${false}${0}
    </ul>`;
    expect(list.markup).toBe('<ul>\n<li>&lt;1&gt;</li><li>2</li>0\n</ul>');
  });

  it('breaks text where it is broken', () => {
    expect(paragraphs('Bank <A>\n\n0123').markup).toBe('<p>Bank &lt;A&gt;</p><p>0123</p>');
  });
});

it.each([
  ['https://acme.example/thanks', true],
  ['/pay/i01', true],
  ['//evil.example', false],
  ['javascript:alert(1)', false],
  ['data:text/html,x', false],
  ['thanks', false],
])('%s may be linked to: %s', (address, isSafe) => {
  expect(safeHref(address)).toBe(isSafe ? address : null);
});
