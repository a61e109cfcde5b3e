/** What `readJson` makes: JSON in which every number is its own text. */
export type LosslessJson =
  string | boolean | null | readonly LosslessJson[] | { readonly [key: string]: LosslessJson };

/**
 * Reads JSON with every number as the text it was written in: `1150.35` is the string "1150.35", which no float has been
 * through, and an id of twenty digits keeps them all. Undefined for what is not JSON.
 */
export function readJson(text: string): LosslessJson | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  return JSON.parse(quoteNumbers(text)) as LosslessJson;
}

const NUMBER = /[-+.\deE]+/y;

/** Puts every number of a valid JSON text into quotes. */
function quoteNumbers(text: string): string {
  const parts: string[] = [];
  let copied = 0;
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '"') {
      at = endOfString(text, at);
    } else if (character === '-' || (character >= '0' && character <= '9')) {
      NUMBER.lastIndex = at;
      const number = NUMBER.exec(text)?.[0] ?? character;
      parts.push(text.slice(copied, at), '"', number, '"');
      at += number.length;
      copied = at;
    } else {
      at++;
    }
  }
  return parts.join('') + text.slice(copied);
}

/** Where the text goes on after the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}
