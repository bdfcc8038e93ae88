import type { Contact } from '../contacts/contact.ts';
import { maskAddress } from '../contacts/email-address.ts';
import { readContact } from '../contacts/store.ts';
import { openPayload } from '../permission/seal.ts';
import { permissionOf } from '../permission/status.ts';
import { readEntry } from '../permission/store.ts';
import { formerAddress } from '../preferences/new-address.ts';
import type { Brand } from '../settings/brand.ts';
import { choicesToken, unsubscribeToken } from '../signup/links.ts';
import { describeChanges } from './about-entry.ts';
import type { AboutEntry, Letter } from './about-entry.ts';
import type { EntryMail } from './mail-item.ts';
import { writeReceipt } from './receipt-mail.ts';
import type { NotYet, WriteDeps, Written } from './written.ts';

/** A mail that follows from an act, as long as what it tells is still true. */
export async function writeEntryMail(
  deps: WriteDeps,
  mail: EntryMail,
  brand: Brand,
): Promise<Written | NotYet | undefined> {
  const contact = await readContact(deps.db, mail.contactId);
  const entry = contact && (await readEntry(deps.db, contact.id, mail.seq));
  if (!contact || !entry) return undefined;
  const about = { mail, brand, contact, entry, uses: await deps.settings.uses(contact.controller) };
  switch (mail.kind) {
    case 'welcome':
      return toOwner(contact, await welcome(deps, about));
    case 'unsubscribe-receipt':
    case 'choices-receipt':
      return toOwner(contact, await writeReceipt(deps, about));
    case 'address-notice': {
      const payload = openPayload(await deps.secrets.evidenceMaster(), contact.salt, entry, entry.sealed);
      const former = formerAddress(payload);
      return former && { to: former.address, addressKey: former.addressKey, ...addressNotice(deps, about) };
    }
  }
}

function toOwner(
  { address, addressKey }: Contact,
  letter: Letter | NotYet | undefined,
): Written | NotYet | undefined {
  if (letter && 'notBefore' in letter) return letter;
  return letter && address !== undefined && addressKey !== undefined
    ? { to: address, addressKey, ...letter }
    : undefined;
}

async function welcome(deps: WriteDeps, about: AboutEntry): Promise<Letter | NotYet | undefined> {
  const { mail, brand, contact, entry, uses } = about;
  const held = entry.changes.filter(
    ({ use, to, review }) =>
      to === 'granted' && !review && permissionOf(contact, brand.id, use)?.status === 'granted',
  );
  const mailed = held.find(({ use }) =>
    uses.uses.some(({ id, channel }) => id === use && channel === 'email'),
  );
  // Nothing to welcome to and no mailing to leave by: what was joined on the choices page has its way back.
  if (!mailed) return entry.route === 'log-in' ? writeReceipt(deps, about) : undefined;
  const links = await deps.secrets.linkKeys();
  const ref = { contactId: contact.id, brand: brand.id };
  const url = `${deps.baseUrl}/unsubscribe/${unsubscribeToken(links, { ...ref, use: mailed.use })}`;
  const choicesUrl = `${deps.baseUrl}/preferences/${choicesToken(links, ref)}`;
  const items = await describeChanges(deps, about, held);
  const { language } = mail;
  return {
    rendered: deps.templates.welcome({ brand, language, items, choicesUrl, unsubscribeUrl: url }),
    headers: { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  };
}

/** Whoever holds the old mailbox must learn of it, and of what to do if it was not them (D3). */
function addressNotice({ templates }: WriteDeps, { mail, brand, entry, contact }: AboutEntry): Letter {
  const { language } = mail;
  const newAddress = maskAddress(contact.address);
  return { rendered: templates.addressNotice({ brand, language, at: entry.at, newAddress }) };
}
