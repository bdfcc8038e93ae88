import type { Database } from '../platform/table.ts';
import type { DomainOwner } from './account.ts';
import { findAccountByDomain, readAccount } from './account-store.ts';
import type { Contact } from './contact.ts';
import { parseEmailAddress } from './email-address.ts';

/**
 * The company of somebody with this address: the account that the contact is linked to, else the one of the exact
 * domain (DOMAIN 1). A competitor's domain counts whatever the link says: the strictest wins.
 */
export async function companyOf(
  db: Database,
  controllerId: string,
  delivery: string,
  contact: Pick<Contact, 'accountId'> | undefined,
): Promise<DomainOwner | undefined> {
  const parsed = parseEmailAddress(delivery);
  const ofDomain = parsed.ok ? await findAccountByDomain(db, controllerId, parsed.address.domain) : undefined;
  const { accountId } = contact ?? {};
  if (accountId === undefined || accountId === ofDomain?.accountId) return ofDomain;
  const linked = await readAccount(db, accountId);
  if (!linked) return ofDomain;
  return { accountId, class: ofDomain?.class === 'competitor' ? 'competitor' : linked.class };
}
