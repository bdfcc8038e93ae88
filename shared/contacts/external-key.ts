import { addressKey } from './address-key.ts';
import type { ExternalId } from './told.ts';

/** The pseudonym under which the id of another system points at a contact or an account: such ids may speak (D5). */
export function externalKey(
  pepper: string,
  controllerId: string,
  owner: 'contact' | 'account',
  { system, id }: ExternalId,
): string {
  return addressKey(pepper, [...(owner === 'account' ? [owner] : []), controllerId, system, id].join('\n'));
}
