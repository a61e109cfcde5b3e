import { escapeHtml } from '../wire/escape-html.js';

/** HTML that is safe to print as it is. Only `html` makes it. */
export class SafeHtml {
  constructor(readonly text: string) {}
}

type Value = string | number | SafeHtml | readonly SafeHtml[];

/** Builds HTML: values are escaped, for text as for quoted attributes, unless they were built by `html` themselves. */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): SafeHtml {
  return new SafeHtml(
    strings.map((string, index) => (index === 0 ? string : print(values[index - 1] ?? '') + string)).join(''),
  );
}

function print(value: Value): string {
  if (value instanceof SafeHtml) return value.text;
  if (typeof value === 'object') return value.map((part) => part.text).join('');
  return escapeHtml(String(value));
}
