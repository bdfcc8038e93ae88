import { addressKey } from '../contacts/address-key.ts';
import type { Contact } from '../contacts/contact.ts';
import type { EmailAddress } from '../contacts/email-address.ts';
import { plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import type { Secrets } from '../platform/secrets.ts';
import { write } from '../platform/table.ts';
import type { Database } from '../platform/table.ts';
import { NEW_ADDRESS_LIFETIME, newAddressMailId } from '../preferences/new-address.ts';
import type { Brand } from '../settings/brand.ts';
import type { Language } from '../settings/language.ts';
import type { Settings } from '../settings/store.ts';
import { claimMailbox } from './claim-mailbox.ts';
import type { NewMail } from './mail-item.ts';
import { waitingMail } from './store.ts';

export type RequestNewAddressDeps = {
  db: Database;
  secrets: Pick<Secrets, 'pepper'>;
  settings: Pick<Settings, 'limits'>;
};
export type RequestNewAddressInput = {
  contact: Contact;
  brand: Brand;
  language: Language;
  address: EmailAddress;
  at: Instant;
};
export type NewAddressRequested =
  | { kind: 'asked' }
  /** It is the person's address already. */
  | { kind: 'same' }
  /** Too many mails to this mailbox lately (T7). */
  | { kind: 'too-many'; until: Instant };

/** Asks the owner of a new address to confirm it; nothing changes before (D3). Asked again, the newest counts. */
export async function requestNewAddress(
  { db, secrets, settings }: RequestNewAddressDeps,
  { contact, brand, language, address, at }: RequestNewAddressInput,
): Promise<NewAddressRequested> {
  const { id: contactId, controller, addressKey: fromKey } = contact;
  const pepper = await secrets.pepper();
  const toKey = addressKey(pepper, `${controller}\n${address.match}`);
  if (fromKey === undefined || toKey === fromKey) return { kind: 'same' };
  const changeId = newId('chg');
  const limitKey = addressKey(pepper, `limit\n${controller}\n${address.limit}`);
  const claim = await claimMailbox(db, { controller, limitKey }, changeId, at, await settings.limits());
  if (!claim.claimed) return { kind: 'too-many', until: claim.until };
  const until = plus(at, NEW_ADDRESS_LIFETIME);
  const mail: NewMail = {
    id: newAddressMailId(contactId),
    kind: 'new-address',
    controller,
    contactId,
    brand: brand.id,
    language,
    createdAt: at,
    change: { id: changeId, address: address.delivery, addressKey: toKey, fromKey, until },
  };
  await write(db, waitingMail(mail, until));
  return { kind: 'asked' };
}
