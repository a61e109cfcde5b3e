import { escapeHtml, page } from '../frame/page.js';
import { html, redirect, type Reply } from '../frame/reply.js';
import type { FakeRequest } from '../frame/request.js';
import { route, type Route } from '../frame/router.js';
import { payIn } from './c2b.js';
import { subscriberOf } from './options.js';
import { endPush } from './settle-push.js';
import type { MpesaWorld, Push } from './world.js';

/** Every phone that has a prompt on it, for a person to answer. */
function list(world: MpesaWorld): Reply {
  const items = world.subscribers.map(({ msisdn }) => {
    const waiting = promptOn(world, msisdn) ? ' · asks' : '';
    return `<li><a href="/phone/${msisdn}">${msisdn}</a>${waiting}</li>`;
  });
  return html(page('Phones', `<article><h1>Phones</h1><ul>${items.join('')}</ul></article>`));
}

function show(world: MpesaWorld, request: FakeRequest): Reply {
  const msisdn = numberIn(request);
  if (msisdn === null) return html(page('Phone', '<article><h1>No such number</h1></article>'), 404);
  const { pin, balance } = subscriberOf(world, msisdn);
  const push = promptOn(world, msisdn);
  const prompt = push
    ? promptForm(world, push, pin)
    : '<article><h1>Nothing to answer</h1><p>This page looks again by itself.</p></article>';
  const last = world.pushes.findLast((known) => known.msisdn === msisdn && known.result !== null);
  const outcome = last?.result
    ? `<p id="outcome">${escapeHtml(last.result.description)} ${last.receipt ?? ''}</p>`
    : '';
  const body = `<h1>${msisdn}</h1><p>KES ${balance}</p>${prompt}${outcome}${payForm(world, msisdn)}`;
  return {
    ...html(page(`Phone ${msisdn}`, body)),
    headers: { 'content-type': 'text/html; charset=utf-8', ...(push ? {} : { refresh: '2' }) },
  };
}

function promptForm(world: MpesaWorld, push: Push, pin: string): string {
  const to =
    world.organisations.find(({ shortcode }) => shortcode === push.shortcode)?.name ?? push.shortcode;
  return `<article><form method="post" action="/phone/${push.msisdn}/answer">
<h1>Do you want to pay KES ${push.amount} to ${escapeHtml(to)}?</h1><p>Account ${escapeHtml(push.accountReference)} · ${escapeHtml(push.description)}</p>
<label>M-PESA PIN (it is ${pin})<input name="pin" inputmode="numeric" autocomplete="off"></label>
<button class="main" name="verb" value="approve">Send</button><button name="verb" value="cancel">Cancel</button></form></article>`;
}

const payForm = (world: MpesaWorld, msisdn: string) =>
  `<article><form method="post" action="/phone/${msisdn}/pay"><h1>Pay a bill</h1>
<label>Business<select name="shortcode">${world.organisations.map(({ shortcode }) => `<option>${shortcode}</option>`).join('')}</select></label>
<label>Account<input name="account" maxlength="20"></label><label>Amount<input name="amount" inputmode="numeric"></label>
<button>Pay</button></form></article>`;

function answer(world: MpesaWorld, request: FakeRequest): Reply {
  const msisdn = numberIn(request) ?? '';
  const push = promptOn(world, msisdn);
  const form = new URLSearchParams(request.rawBody.toString('utf8'));
  if (push && form.get('verb') === 'cancel') endPush(world, push, '1032');
  else if (push) endPush(world, push, form.get('pin') === subscriberOf(world, msisdn).pin ? '0' : '2001');
  return redirect(`/phone/${msisdn}`);
}

async function payBill(world: MpesaWorld, request: FakeRequest): Promise<Reply> {
  const msisdn = numberIn(request) ?? '';
  const form = new URLSearchParams(request.rawBody.toString('utf8'));
  const amount = Number(form.get('amount'));
  const shortcode = form.get('shortcode') ?? '';
  if (Number.isInteger(amount) && amount > 0)
    await payIn(world, { shortcode, amount, msisdn, billReference: form.get('account') ?? '' });
  return redirect(`/phone/${msisdn}`);
}

const promptOn = (world: MpesaWorld, msisdn: string) =>
  world.pushes.findLast((known) => known.msisdn === msisdn && known.result === null);

const numberIn = (request: FakeRequest) => /^254[17]\d{8}$/.exec(request.params['msisdn'] ?? '')?.[0] ?? null;

export const phoneRoutes: readonly Route<MpesaWorld>[] = [
  route('GET', '/phone', list),
  route('GET', '/phone/:msisdn', show),
  route('POST', '/phone/:msisdn/answer', answer),
  route('POST', '/phone/:msisdn/pay', payBill),
];
