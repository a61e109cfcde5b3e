/** Text that is safe in HTML. */
export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;margin:0;background:#f3f4f6;color:#111827}
main{max-width:26rem;margin:0 auto;padding:1.5rem 1rem}
article{background:#fff;border-radius:.75rem;padding:1.25rem;box-shadow:0 1px 3px #0003;margin-bottom:1rem}
h1{font-size:1.25rem;margin:0 0 .5rem}small{color:#4b5563}
button{font:inherit;width:100%;min-height:44px;margin-top:.5rem;border:1px solid #9ca3af;border-radius:.5rem;background:#fff;color:#111827}
button.main{background:#166534;border-color:#166534;color:#fff}
input,select{font:inherit;width:100%;box-sizing:border-box;min-height:44px;padding:0 .5rem;margin-top:.5rem;border:1px solid #6b7280;border-radius:.5rem}
code{overflow-wrap:anywhere}dt{color:#4b5563}dd{margin:0 0 .5rem}`;

/** A page of a fake, which says that it is one. */
export const page = (title: string, body: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main>${body}<p><small>This is a fake for tests and development: no money moves.</small></p></main></body></html>
`;

export interface PageButton {
  action: string;
  label: string;
  main?: true;
}

/** One article with buttons, each of which posts to its address. */
export const choices = (heading: string, text: string, buttons: readonly PageButton[]) =>
  `<article><h1>${escapeHtml(heading)}</h1><p>${escapeHtml(text)}</p>${buttons
    .map(
      ({ action, label, main }) =>
        `<form method="post" action="${escapeHtml(action)}"><button${main ? ' class="main"' : ''}>${escapeHtml(label)}</button></form>`,
    )
    .join('')}</article>`;
