const PATH_LENGTH_MAX = 500;
/** Query keys whose values say nothing about a person. */
const PLAIN_KEYS = /^(limit|sort|status|method|mode|createdAt\[(gte|gt|lte|lt)\])$/;

/**
 * The path of a request as its log shows it: with the ids in it, which one looks for, and the names of its query keys.
 * Of their values only those stay that cannot be personal: one may search for an e-mail address.
 */
export function loggedPath(url: string): string {
  const cut = url.indexOf('?');
  const path = cut < 0 ? url : url.slice(0, cut);
  if (cut < 0 || cut === url.length - 1) return path.slice(0, PATH_LENGTH_MAX);
  const keys = url
    .slice(cut + 1)
    .split('&')
    .map((pair) => shown(pair));
  return `${path}?${keys.join('&')}`.slice(0, PATH_LENGTH_MAX);
}

function shown(pair: string): string {
  const [key = '', value] = pair.split('=', 2);
  if (value === undefined || PLAIN_KEYS.test(decoded(key))) return pair;
  return `${key}=…`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
