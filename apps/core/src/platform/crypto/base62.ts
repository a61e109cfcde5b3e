import { randomInt } from 'node:crypto';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Random characters of 0-9A-Za-z, each about 5.95 bits. */
export function randomBase62(length: number): string {
  return Array.from({ length }, () => BASE62.charAt(randomInt(BASE62.length))).join('');
}

/** A whole number in base 62, padded with zeros to `width` characters. */
export function toBase62(value: number, width: number): string {
  let encoded = '';
  for (let rest = value; rest > 0; rest = Math.floor(rest / BASE62.length)) {
    encoded = BASE62.charAt(rest % BASE62.length) + encoded;
  }
  return encoded.padStart(width, '0');
}
