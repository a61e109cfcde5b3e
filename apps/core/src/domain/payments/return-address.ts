/** Why a web address is not one that customers are sent to; null when it is. Plain http goes to the own machine alone, and only in test mode. */
export function returnAddressRefusal(address: string, mode: 'test' | 'live'): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null) return 'must be a web address';
  if (url.username !== '' || url.password !== '') return 'must not name a user';
  if (url.protocol === 'https:') return null;
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'http:' && isLocal && mode === 'test') return null;
  return mode === 'test' ? 'must be https, or http on localhost' : 'must be https';
}
