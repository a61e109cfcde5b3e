import { htmlTemplate, textTemplate } from './email-frame.js';

/** What the templates of a receipt's e-mail may name. All of it is text for people, escaped where it has to be. */
export interface ReceiptEmailView {
  readonly greeting: string;
  readonly seller: string;
  readonly sellerEmail: string | null;
  readonly amount: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly invoiceNumber: string;
}

const HEADING = 'Thank you for your payment';
const CLOSING = 'The receipt is attached as a PDF.';

const HTML = `<tr><td style="padding:0 32px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f5f7;border-radius:6px">
<tr><td style="padding:16px 20px 4px;font-size:13px;color:#5b6474">Amount received</td></tr>
<tr><td style="padding:0 20px 16px;font-size:28px;line-height:34px;font-weight:600">{{amount}}</td></tr>
</table>
</td></tr>
<tr><td style="padding:24px 32px 0">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="font-size:14px;line-height:20px">
{{#each facts}}
<tr><td style="padding:4px 16px 4px 0;color:#5b6474">{{label}}</td><td align="right" style="padding:4px 0">{{value}}</td></tr>
{{/each}}
</table>
</td></tr>`;

const TEXT = `Amount received: {{amount}}

{{#each facts}}
{{label}}: {{value}}
{{/each}}`;

export const renderReceiptHtml = htmlTemplate<ReceiptEmailView>({
  heading: HEADING,
  body: HTML,
  closing: CLOSING,
});
export const renderReceiptText = textTemplate<ReceiptEmailView>({
  heading: HEADING,
  body: TEXT,
  closing: CLOSING,
});
