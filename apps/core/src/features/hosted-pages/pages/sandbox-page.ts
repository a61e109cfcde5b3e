import { html } from './html.js';
import type { Page, PageOwner } from './shell.js';

/** Where the customer of a sandbox payment decides what the bank says. It stands in for a provider's page. */
export function sandboxPage(view: {
  owner: PageOwner;
  amount: string;
  action: string;
  reference: string;
}): Page {
  const { owner, amount, action, reference } = view;
  const choice = (outcome: string, text: string, look: string) =>
    html`<button class="${look}" name="outcome" value="${outcome}">${text}</button>`;
  return {
    title: `Sandbox: pay ${amount}`,
    owner,
    isTest: true,
    layout: 'narrow',
    body: html`<section class="card stack">
      <h1>Sandbox: pay ${amount}</h1>
      <p>This stands where the page of a payment company would. Choose how the payment ends.</p>
      <p class="small soft">${reference}</p>
      <form method="post" action="${action}" class="stack">
        ${choice('succeed', 'It succeeds', '')} ${choice('decline', 'It is declined', 'plain')}
        ${choice('pending', 'It succeeds after a minute', 'plain')}
      </form>
    </section>`,
  };
}
