import Handlebars from 'handlebars';

const strict = { strict: true, knownHelpersOnly: true } as const;

/** What stands around the words of an e-mail to a customer. Its view names `seller`, `sellerEmail` and `greeting`. */
interface Framed {
  /** May name things of the view, as `body` and `closing` may. */
  readonly heading: string;
  /** Rows of a table. */
  readonly body: string;
  /** The last words, before those about whom to ask. */
  readonly closing: string;
}

const QUESTIONS = '{{#if sellerEmail}} Questions? Write to {{sellerEmail}}.{{/if}}';

// Tables and inline styles, because that is what e-mail programs show alike. No image: nothing to load.
const frame = ({ heading, body, closing }: Framed) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${heading}</title>
</head>
<body style="margin:0;padding:0;background:#f4f5f7;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;color:#1c2330">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f5f7">
<tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border:1px solid #e3e6eb;border-radius:8px">
<tr><td style="padding:32px 32px 8px;font-size:14px;color:#5b6474">{{seller}}</td></tr>
<tr><td style="padding:0 32px 16px;font-size:22px;line-height:28px;font-weight:600">${heading}</td></tr>
<tr><td style="padding:0 32px 16px;font-size:15px;line-height:22px">{{greeting}}</td></tr>
${body}
<tr><td style="padding:24px 32px 32px;font-size:13px;line-height:19px;color:#5b6474">${closing}${QUESTIONS}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;

const textFrame = ({ heading, body, closing }: Framed) => `${heading}

{{greeting}}

${body}

${closing}${QUESTIONS}

{{seller}}
`;

/** An e-mail's HTML; everything of the view is escaped. */
export function htmlTemplate<View>(framed: Framed): (view: View) => string {
  return Handlebars.compile<View>(frame(framed), strict);
}

/** Its plain text, which has nothing to escape. */
export function textTemplate<View>(framed: Framed): (view: View) => string {
  return Handlebars.compile<View>(textFrame(framed), { ...strict, noEscape: true });
}
