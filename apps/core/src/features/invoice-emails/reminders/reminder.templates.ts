import { htmlTemplate, textTemplate } from '../email-frame.js';

/** What the templates of a reminder may name. All of it is text for people, escaped where it has to be. */
interface ReminderView {
  readonly heading: string;
  readonly greeting: string;
  readonly seller: string;
  readonly sellerEmail: string | null;
  readonly paragraphs: readonly string[];
  readonly amount: string;
  /** Where it is paid online; null when nowhere. */
  readonly payLink: string | null;
  /** How it is paid otherwise, as the tenant says; null when it says nothing. */
  readonly instruction: string | null;
}

const HEADING = '{{heading}}';
const CLOSING =
  'The invoice is attached as a PDF. If you have paid it meanwhile, thank you: there is nothing left to do.';

const HTML = `{{#each paragraphs}}
<tr><td style="padding:0 32px 16px;font-size:15px;line-height:22px">{{this}}</td></tr>
{{/each}}
<tr><td style="padding:0 32px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f5f7;border-radius:6px">
<tr><td style="padding:16px 20px 4px;font-size:13px;color:#5b6474">Amount due</td></tr>
<tr><td style="padding:0 20px 16px;font-size:28px;line-height:34px;font-weight:600">{{amount}}</td></tr>
</table>
</td></tr>
{{#if payLink}}
<tr><td style="padding:20px 32px 0"><a href="{{payLink}}" style="display:inline-block;background:#1c2330;color:#ffffff;text-decoration:none;font-size:15px;line-height:20px;font-weight:600;padding:12px 20px;border-radius:6px">Pay {{amount}}</a></td></tr>
{{/if}}
{{#if instruction}}
<tr><td style="padding:20px 32px 0;font-size:15px;line-height:22px;white-space:pre-line">{{instruction}}</td></tr>
{{/if}}`;

const TEXT = `{{#each paragraphs}}
{{this}}

{{/each}}
Amount due: {{amount}}
{{#if payLink}}
Pay here: {{payLink}}
{{/if}}
{{#if instruction}}

{{instruction}}
{{/if}}`;

export const renderReminderHtml = htmlTemplate<ReminderView>({
  heading: HEADING,
  body: HTML,
  closing: CLOSING,
});
export const renderReminderText = textTemplate<ReminderView>({
  heading: HEADING,
  body: TEXT,
  closing: CLOSING,
});
