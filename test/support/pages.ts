import { expectStatus, type Api } from './api.js';

/**
 * Reads a list to its end and returns the ids in the order they came. `between` is called after every page but the
 * last, to change what is listed while it is read.
 */
export async function readAllIds(
  api: Api,
  path: string,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<string[]> {
  const ids: string[] = [];
  const joint = path.includes('?') ? '&' : '?';
  let cursor: string | null = null;
  do {
    const at: string = cursor === null ? path : `${path}${joint}cursor=${encodeURIComponent(cursor)}`;
    const page = expectStatus(await api.get(at), 200);
    ids.push(...page.data.map(({ id }: { id: string }) => id));
    cursor = page.nextCursor;
    if (page.hasMore !== (cursor !== null)) throw new Error('hasMore and nextCursor say different things.');
    if (cursor !== null) await between();
  } while (cursor !== null);
  return ids;
}
