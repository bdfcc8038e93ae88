import { clientKey } from '../signup/client-address.ts';

/** The network of a client address: /24 or /48, so that a street is kept and no house. Undefined where it is none. */
export function cutNetwork(ip: string): string | undefined {
  const key = clientKey(ip);
  if (key === 'unknown') return undefined;
  if (key.includes(':')) return `${key.split(':').slice(0, 3).join(':')}::/48`;
  return `${key.split('.').slice(0, 3).join('.')}.0/24`;
}
