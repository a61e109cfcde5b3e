import Handlebars from 'handlebars';

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

// Tables and inline styles, because that is what e-mail programs show alike.
const HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>{{heading}}</title>
</head>
<body style="margin:0;padding:0;background:#f4f5f7;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;color:#1c2330">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f5f7">
<tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border:1px solid #e3e6eb;border-radius:8px">
<tr><td style="padding:32px 32px 8px;font-size:14px;color:#5b6474">{{seller}}</td></tr>
<tr><td style="padding:0 32px 16px;font-size:22px;line-height:28px;font-weight:600">{{heading}}</td></tr>
<tr><td style="padding:0 32px 16px;font-size:15px;line-height:22px">{{greeting}}</td></tr>
{{#each paragraphs}}
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
{{/if}}
<tr><td style="padding:24px 32px 32px;font-size:13px;line-height:19px;color:#5b6474">The invoice is attached as a PDF. If you have paid it meanwhile, thank you: there is nothing left to do.{{#if sellerEmail}} Questions? Write to {{sellerEmail}}.{{/if}}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;

const TEXT = `{{heading}}

{{greeting}}

{{#each paragraphs}}
{{this}}

{{/each}}
Amount due: {{amount}}
{{#if payLink}}
Pay here: {{payLink}}
{{/if}}
{{#if instruction}}

{{instruction}}
{{/if}}

The invoice is attached as a PDF. If you have paid it meanwhile, thank you: there is nothing left to do.{{#if sellerEmail}} Questions? Write to {{sellerEmail}}.{{/if}}

{{seller}}
`;

const strict = { strict: true, knownHelpersOnly: true } as const;

export const renderReminderHtml = Handlebars.compile<ReminderView>(HTML, strict);
/** Plain text has nothing to escape. */
export const renderReminderText = Handlebars.compile<ReminderView>(TEXT, { ...strict, noEscape: true });
