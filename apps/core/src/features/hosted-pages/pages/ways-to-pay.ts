import type { PaymentChannel } from '../../../domain/payments/provider-channels.js';
import { html, type Html, paragraphs } from './html.js';

/** A way to pay, as its form has it. */
export interface WayToPay {
  readonly provider: string;
  readonly label: string;
  readonly channels: readonly PaymentChannel[];
  readonly needsPhone: boolean;
  /** The form asks for an address, since none is known. */
  readonly asksEmail: boolean;
  /** `ask` lets the payer choose whether it is kept; `always` was agreed with the session. */
  readonly saves: 'ask' | 'always' | 'never';
}

/** What was sent and could not be taken, to be shown again. */
export interface RefusedForm {
  readonly provider: string;
  readonly field: 'phone' | 'email' | null;
  readonly message: string;
  readonly typed: string;
}

export interface PaySection {
  /** Where the forms go. */
  readonly action: string;
  /** As it is printed. */
  readonly amount: string;
  readonly seller: string;
  readonly ways: readonly WayToPay[];
  /** The tenant's own: a bank account, a pay bill number. */
  readonly instructions: string | null;
  readonly refused: RefusedForm | null;
}

/** The forms of all ways to pay, the first one open. Each works without scripts. */
export function waysToPay(section: PaySection): Html {
  const { ways, instructions, refused } = section;
  const chosen = ways.find(({ provider }) => provider === refused?.provider) ?? ways[0];
  const isAlone = ways.length === 1 && instructions === null;
  const forms = ways.map((way) =>
    isAlone ? formOf(way, section) : folded(nameOf(way), formOf(way, section), way === chosen),
  );
  const byHand =
    instructions === null
      ? null
      : folded(
          'Other ways to pay',
          html`<div class="stack">${paragraphs(instructions)}</div>`,
          ways.length === 0,
        );
  const wrong = refused?.field === null && html`<p class="note bad" role="alert">${refused.message}</p>`;
  return html`${wrong}${ways.length === 0 && noneOf(instructions)}${forms}${byHand}`;
}

function noneOf(instructions: string | null): Html {
  return instructions === null
    ? html`<p>This invoice cannot be paid online. Please ask how it can be paid.</p>`
    : html`<p>This invoice cannot be paid online. It can be paid like this:</p>`;
}

function folded(name: string | Html, content: Html, isOpen: boolean): Html {
  return html`<details class="way" name="way" ${isOpen && html` open`}>
    <summary>${name}</summary>
    <div>${content}</div>
  </details>`;
}

function formOf(way: WayToPay, section: PaySection): Html {
  const { provider, needsPhone, asksEmail, saves } = way;
  const { action, amount, refused } = section;
  const own = refused?.provider === provider ? refused : null;
  return html`<form method="post" action="${action}" class="stack">
    <input type="hidden" name="provider" value="${provider}" />
    ${needsPhone && phoneField(way, own)} ${asksEmail && emailField(way, own)}
    ${saves === 'ask' && saveField(section.seller)}
    ${saves === 'always' && html`<p class="small">What you pay with is saved for later payments to ${section.seller}.</p>`}
    <button>Pay ${amount}</button>
    <p class="small soft">${hintOf(way)}</p>
  </form>`;
}

function phoneField({ provider, label }: WayToPay, refused: RefusedForm | null): Html {
  return field(
    {
      id: `${provider}-phone`,
      name: 'phone',
      type: 'tel',
      complete: 'tel',
      label: `Phone number for ${label}`,
      example: '0712 345 678',
    },
    refused?.field === 'phone' ? refused : null,
  );
}

function emailField({ provider }: WayToPay, refused: RefusedForm | null): Html {
  return field(
    {
      id: `${provider}-email`,
      name: 'email',
      type: 'email',
      complete: 'email',
      label: 'Your e-mail address, for the receipt',
      example: '',
    },
    refused?.field === 'email' ? refused : null,
  );
}

interface Field {
  readonly id: string;
  readonly name: string;
  readonly type: 'tel' | 'email';
  readonly complete: string;
  readonly label: string;
  readonly example: string;
}

function field({ id, name, type, complete, label, example }: Field, refused: RefusedForm | null): Html {
  const hint = `${id}-hint`;
  const wrong = refused && html` aria-invalid="true" value="${refused.typed}"`;
  const told = refused
    ? html`<p id="${hint}" class="small bad" role="alert">${refused.message}</p>`
    : example && html`<p id="${hint}" class="small soft">For example ${example}</p>`;
  return html`<div>
    <label for="${id}">${label}</label
    ><input
      id="${id}"
      name="${name}"
      type="${type}"
      autocomplete="${complete}"
      maxlength="254"
      required
      aria-describedby="${hint}"
      ${wrong}
    />${told}
  </div>`;
}

function saveField(seller: string): Html {
  return html`<label class="check"
    ><input type="checkbox" name="save" value="yes" /><span
      >Save for later payments: ${seller} may charge it when invoices are due.</span
    ></label
  >`;
}

/** More would fill the screen of a phone; the form names them all. */
const NAMED_MAX = 3;

const CHANNEL_WORDS: Readonly<Record<PaymentChannel, string>> = {
  card: 'card',
  bank: 'bank account',
  bank_transfer: 'bank transfer',
  ussd: 'USSD',
  qr: 'QR code',
  mobile_money: 'mobile money',
  wallet: 'wallet',
};

/** A way by what one pays with, for that is what people look for: `Card, bank account or USSD`, with the company that takes it below. */
function nameOf({ label, needsPhone, channels, provider }: WayToPay): Html {
  if (needsPhone || provider === 'sandbox') return html`${label}`;
  const names = channels.map((channel) => CHANNEL_WORDS[channel]);
  const words = names.length > NAMED_MAX ? `${names.slice(0, 2).join(', ')} and more` : listed(names);
  return html`${words.charAt(0).toUpperCase()}${words.slice(1)} <span class="by">${label}</span>`;
}

function hintOf({ label, needsPhone, provider, channels }: WayToPay): string {
  if (needsPhone) return `${label} then asks for your PIN on that phone. Keep it at hand.`;
  if (provider === 'sandbox') return 'You choose on the next page how the payment ends.';
  const words = listed(channels.map((channel) => CHANNEL_WORDS[channel]));
  return `You pay by ${words} on a page of ${label}, and come back here.`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
