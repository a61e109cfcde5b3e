import autocannon from 'autocannon';

/** How many times a second `url` answers with success to an API key; `duration` is in seconds. */
export async function requestRate(
  url: string,
  key: string,
  load: { connections: number; duration: number },
): Promise<number> {
  const result = await autocannon({ url, ...load, headers: { authorization: `Bearer ${key}` } });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} errors`);
  return result.requests.average;
}
