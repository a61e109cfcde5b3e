import type { FieldProblem } from '../errors/define-error.js';
import { unstorableText } from './storable-text.js';

/** How deep arrays and objects of a body may stand in each other. */
export const JSON_DEPTH_MAX = 32;

/** What is wrong with a JSON text, and where: `offset` counts characters from 0. */
export interface JsonFlaw extends FieldProblem {
  offset: number;
}

const [TAB, LINE_FEED, CARRIAGE_RETURN, SPACE] = [0x09, 0x0a, 0x0d, 0x20];
const [QUOTE, BACKSLASH, FIRST_PRINTABLE, FIRST_SURROGATE] = [0x22, 0x5c, 0x20, 0xd800];
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;

/**
 * Reads a JSON text strictly, before it is parsed, and tells the first flaw: bad syntax, a key twice in one object, a
 * key that stands for the prototype, too much depth, a number that JavaScript cannot hold exactly, or text that
 * PostgreSQL cannot store. `JSON.parse` would let most of these pass in silence. Returns null when all is well.
 */
export function scanJson(text: string): JsonFlaw | null {
  try {
    new Scanner(text).document();
    return null;
  } catch (error) {
    if (error instanceof FlawFound) return error.flaw;
    throw error;
  }
}

class FlawFound extends Error {
  constructor(readonly flaw: JsonFlaw) {
    super(flaw.message);
  }
}

class Scanner {
  private offset = 0;
  private readonly path: (string | number)[] = [];

  constructor(private readonly text: string) {}

  document(): void {
    this.value();
    this.skipSpace();
    if (this.offset < this.text.length) this.fail('syntax', 'Nothing may follow the value');
  }

  private value(): void {
    this.skipSpace();
    const first = this.text[this.offset];
    if (first === '{') this.members();
    else if (first === '[') this.items();
    else if (first === '"') this.string();
    else if (!(first === 't' || first === 'f' || first === 'n') || !this.match(WORD)) this.number();
  }

  private members(): void {
    const keys = new Set<string>();
    this.sequence('}', () => {
      const start = this.offset;
      const key = this.string();
      if (keys.has(key)) this.fail('duplicate_key', `The key ${quoted(key)} is there twice`, start);
      if (key === '__proto__') this.fail('forbidden_key', 'The key __proto__ is not allowed', start);
      keys.add(key);
      this.skipSpace();
      this.expect(':');
      this.path.push(key);
      this.value();
      this.path.pop();
    });
  }

  private items(): void {
    let index = 0;
    this.sequence(']', () => {
      this.path.push(index++);
      this.value();
      this.path.pop();
    });
  }

  /** The inside of an array or object: nothing, or elements with commas between. */
  private sequence(end: ']' | '}', element: () => void): void {
    if (this.path.length >= JSON_DEPTH_MAX)
      this.fail('too_deep', `At most ${JSON_DEPTH_MAX} levels are allowed`);
    this.offset++;
    this.skipSpace();
    if (this.text[this.offset] === end) {
      this.offset++;
      return;
    }
    for (;;) {
      this.skipSpace();
      element();
      this.skipSpace();
      if (this.text[this.offset] === end) break;
      this.expect(',');
    }
    this.offset++;
  }

  /**
   * A text of plain characters, as nearly all are, is found by looking at each of them once: bodies of a thousand usage
   * events are read here, and this is most of the work.
   */
  private plainString(): string | null {
    if (this.text.charCodeAt(this.offset) !== QUOTE) return null;
    const start = this.offset + 1;
    for (let end = start; ; end++) {
      const code = this.text.charCodeAt(end);
      if (code === QUOTE) {
        this.offset = end + 1;
        return this.text.slice(start, end);
      }
      // Not a number at the end of the text, which no comparison is true of.
      if (!(code >= FIRST_PRINTABLE && code < FIRST_SURROGATE) || code === BACKSLASH) return null;
    }
  }

  private string(): string {
    const plain = this.plainString();
    if (plain !== null) return plain;
    const start = this.offset;
    const token = this.match(STRING);
    if (token === null) this.fail('syntax', 'A string was expected here, or this one is not well formed');
    const content = token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
    const reason = unstorableText(content);
    if (reason) this.fail('unstorable_text', reason, start);
    return content;
  }

  private number(): void {
    const start = this.offset;
    const token = this.match(NUMBER);
    if (token === null) this.fail('syntax', 'A value was expected here');
    const parsed = Number(token);
    const exact = Number.isInteger(parsed) ? Number.isSafeInteger(parsed) : Number.isFinite(parsed);
    if (!exact) this.fail('number_out_of_range', 'The number is too large to be held exactly', start);
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.offset);
      if (code !== SPACE && code !== LINE_FEED && code !== CARRIAGE_RETURN && code !== TAB) return;
      this.offset++;
    }
  }

  private expect(character: ':' | ','): void {
    if (this.text[this.offset] !== character) this.fail('syntax', `"${character}" was expected here`);
    this.offset++;
  }

  private match(pattern: RegExp): string | null {
    pattern.lastIndex = this.offset;
    const token = pattern.exec(this.text)?.[0] ?? null;
    if (token !== null) this.offset += token.length;
    return token;
  }

  private fail(code: string, message: string, offset = this.offset): never {
    throw new FlawFound({ code, message, offset, pointer: pointerOf(this.path) });
  }
}

function quoted(key: string): string {
  return JSON.stringify(key.length > 60 ? `${key.slice(0, 60)}…` : key);
}

/** A JSON Pointer (RFC 6901); the empty text is the whole document. */
export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
