import * as z from 'zod';

import { keys } from '../platform/keys.ts';
import { get, remove, write } from '../platform/table.ts';
import type { Database, Update } from '../platform/table.ts';
import type { AddressKey } from './address-key.ts';
import { contact } from './contact.ts';
import type { Contact } from './contact.ts';
import { applyNews, suppression } from './suppression.ts';
import type { Suppression, SuppressionNews } from './suppression.ts';

/** What we know of one address of one controller: whose it is, whether mail may go there, whether it was erased. */
export const addressItem = z.object({
  contactId: z.string().optional(),
  suppression: suppression.optional(),
  /** Version of `suppression`. */
  rev: z.int().optional(),
  erasedAt: z.string().optional(),
});
export type AddressItem = z.infer<typeof addressItem>;

/** Strongly consistent: what is decided on must be true now (N10). */
export async function readContact(db: Database, contactId: string): Promise<Contact | undefined> {
  return get(db, 'contacts', keys.contact(contactId), contact);
}

export async function readAddress(
  db: Database,
  controllerId: string,
  addressKey: AddressKey,
): Promise<AddressItem | undefined> {
  return get(db, 'contacts', keys.address(controllerId, addressKey), addressItem);
}

/** Points the address at a new contact; fails where another contact was faster. A tombstone is lifted. */
export function claimAddress(controllerId: string, addressKey: AddressKey, contactId: string): Update {
  return {
    update: 'contacts',
    key: keys.address(controllerId, addressKey),
    set: 'SET contactId = :id REMOVE erasedAt',
    condition: 'attribute_not_exists(contactId)',
    values: { ':id': contactId },
  };
}

/** Tells an address the news about mail to it and answers the state after it. Repeated news writes nothing. */
export async function tellAddress(
  db: Database,
  controllerId: string,
  addressKey: AddressKey,
  news: SuppressionNews,
): Promise<Suppression> {
  for (;;) {
    const known = await readAddress(db, controllerId, addressKey);
    const state = applyNews(known?.suppression, news);
    if (state === known?.suppression) return state;
    const rev = known?.rev ?? 0;
    const written = await write(db, {
      update: 'contacts',
      key: keys.address(controllerId, addressKey),
      set: 'SET suppression = :state, rev = :next',
      condition: rev === 0 ? 'attribute_not_exists(rev)' : 'rev = :rev',
      values: { ':state': state, ':next': rev + 1, ...(rev === 0 ? {} : { ':rev': rev }) },
    });
    if (written) return state;
  }
}

/**
 * Forgets an address that belongs to nobody: who never confirmed leaves no trace (G13). Bounces and complaints stay,
 * because they keep mail away from it, and so does a tombstone.
 */
export async function forgetUnowned(
  db: Database,
  controllerId: string,
  addressKey: AddressKey,
): Promise<void> {
  await remove(db, {
    remove: 'contacts',
    key: keys.address(controllerId, addressKey),
    condition:
      'attribute_not_exists(contactId) AND attribute_not_exists(erasedAt) AND ' +
      'attribute_not_exists(suppression.hard) AND attribute_not_exists(suppression.complaint) AND ' +
      'size(suppression.soft) = :none',
    values: { ':none': 0 },
  });
}
