/** Why PostgreSQL could not store this text, as a sentence; null when it can. */
export function unstorableText(text: string): string | null {
  if (text.includes('\u0000')) return 'The character NUL cannot be stored';
  if (/\p{Surrogate}/u.test(text)) return 'Half of a surrogate pair stands alone: this is not valid Unicode';
  return null;
}
