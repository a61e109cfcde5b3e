import Handlebars from 'handlebars';

/** What the templates of a receipt's e-mail may name. All of it is text for people, escaped where it has to be. */
export interface ReceiptEmailView {
  readonly greeting: string;
  readonly seller: string;
  readonly sellerEmail: string | null;
  readonly amount: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly invoiceNumber: string;
}

// As the e-mail of an invoice: tables and inline styles, nothing to load and nothing to click.
const HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>Your payment</title>
</head>
<body style="margin:0;padding:0;background:#f4f5f7;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;color:#1c2330">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f5f7">
<tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border:1px solid #e3e6eb;border-radius:8px">
<tr><td style="padding:32px 32px 8px;font-size:14px;color:#5b6474">{{seller}}</td></tr>
<tr><td style="padding:0 32px 16px;font-size:22px;line-height:28px;font-weight:600">Thank you for your payment</td></tr>
<tr><td style="padding:0 32px 16px;font-size:15px;line-height:22px">{{greeting}}</td></tr>
<tr><td style="padding:0 32px">
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
</td></tr>
<tr><td style="padding:24px 32px 32px;font-size:13px;line-height:19px;color:#5b6474">The receipt is attached as a PDF.{{#if sellerEmail}} Questions? Write to {{sellerEmail}}.{{/if}}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;

const TEXT = `Thank you for your payment

{{greeting}}

Amount received: {{amount}}

{{#each facts}}
{{label}}: {{value}}
{{/each}}

The receipt is attached as a PDF.{{#if sellerEmail}} Questions? Write to {{sellerEmail}}.{{/if}}

{{seller}}
`;

const strict = { strict: true, knownHelpersOnly: true } as const;

export const renderReceiptHtml = Handlebars.compile<ReceiptEmailView>(HTML, strict);
/** Plain text has nothing to escape. */
export const renderReceiptText = Handlebars.compile<ReceiptEmailView>(TEXT, { ...strict, noEscape: true });
