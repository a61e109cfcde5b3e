import { htmlTemplate, textTemplate } from './email-frame.js';

/** What the templates of an invoice's e-mail may name. All of it is text for people, escaped where it has to be. */
export interface InvoiceEmailView {
  readonly heading: string;
  readonly greeting: string;
  readonly seller: string;
  readonly sellerEmail: string | null;
  readonly number: string;
  readonly issuedOn: string;
  /** Null when it says nothing, as on a paid invoice. */
  readonly dueOn: string | null;
  readonly amount: string;
  readonly amountLabel: string;
  readonly status: string;
  readonly instruction: string | null;
  /** Where it is paid online. */
  readonly payLink: string | null;
  readonly lines: readonly {
    readonly description: string;
    readonly period: string | null;
    readonly amount: string;
  }[];
  readonly total: string;
  readonly memo: string | null;
}

// Tables and inline styles, because that is what e-mail programs show alike. No image: nothing to load. The
const HEADING = '{{heading}}';
const CLOSING = 'The invoice is attached as a PDF.';

// The one link is where the invoice is paid, and shows its address in the text below it.
const HTML = `<tr><td style="padding:0 32px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f5f7;border-radius:6px">
<tr>
<td style="padding:16px 20px 4px;font-size:13px;color:#5b6474">{{amountLabel}}</td>
<td align="right" style="padding:16px 20px 4px;font-size:13px;color:#5b6474">{{status}}</td>
</tr>
<tr><td colspan="2" style="padding:0 20px 16px;font-size:28px;line-height:34px;font-weight:600">{{amount}}</td></tr>
</table>
</td></tr>
{{#if instruction}}
<tr><td style="padding:16px 32px 0;font-size:15px;line-height:22px">{{instruction}}</td></tr>
{{/if}}
{{#if payLink}}
<tr><td style="padding:16px 32px 0"><a href="{{payLink}}" style="display:block;padding:13px 20px;border-radius:6px;background:#1c2330;color:#ffffff;font-size:16px;line-height:22px;font-weight:600;text-align:center;text-decoration:none">Pay online</a></td></tr>
<tr><td style="padding:8px 32px 0;font-size:12px;line-height:17px;color:#5b6474;word-break:break-all">{{payLink}}</td></tr>
{{/if}}
<tr><td style="padding:24px 32px 0">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="font-size:14px;line-height:20px">
<tr><td style="padding:4px 0;color:#5b6474">Invoice number</td><td align="right" style="padding:4px 0">{{number}}</td></tr>
<tr><td style="padding:4px 0;color:#5b6474">Date</td><td align="right" style="padding:4px 0">{{issuedOn}}</td></tr>
{{#if dueOn}}
<tr><td style="padding:4px 0;color:#5b6474">Due</td><td align="right" style="padding:4px 0">{{dueOn}}</td></tr>
{{/if}}
{{#each lines}}
<tr>
<td style="padding:12px 16px 0 0;border-top:1px solid #e3e6eb">{{description}}{{#if period}}<br><span style="color:#5b6474;font-size:13px">{{period}}</span>{{/if}}</td>
<td align="right" valign="top" style="padding:12px 0 0;border-top:1px solid #e3e6eb;white-space:nowrap">{{amount}}</td>
</tr>
<tr><td colspan="2" style="height:12px"></td></tr>
{{/each}}
<tr>
<td style="padding:12px 0;border-top:1px solid #1c2330;font-weight:600">Total</td>
<td align="right" style="padding:12px 0;border-top:1px solid #1c2330;font-weight:600;white-space:nowrap">{{total}}</td>
</tr>
</table>
</td></tr>
{{#if memo}}
<tr><td style="padding:8px 32px 0;font-size:14px;line-height:20px;color:#5b6474;white-space:pre-line">{{memo}}</td></tr>
{{/if}}`;

const TEXT = `{{amountLabel}}: {{amount}} ({{status}})
{{#if instruction}}
{{instruction}}
{{/if}}
{{#if payLink}}

Pay online: {{payLink}}
{{/if}}

Invoice number: {{number}}
Date: {{issuedOn}}
{{#if dueOn}}
Due: {{dueOn}}
{{/if}}

{{#each lines}}
- {{description}}{{#if period}} ({{period}}){{/if}}: {{amount}}
{{/each}}
Total: {{total}}
{{#if memo}}

{{memo}}
{{/if}}`;

export const renderHtml = htmlTemplate<InvoiceEmailView>({ heading: HEADING, body: HTML, closing: CLOSING });
export const renderText = textTemplate<InvoiceEmailView>({ heading: HEADING, body: TEXT, closing: CLOSING });
