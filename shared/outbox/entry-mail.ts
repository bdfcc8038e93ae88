import type { Contact } from '../contacts/contact.ts';
import { maskAddress } from '../contacts/email-address.ts';
import { readContact } from '../contacts/store.ts';
import { DAY, plus } from '../platform/clock.ts';
import type { Change, EvidenceEntry } from '../permission/evidence.ts';
import { openPayload } from '../permission/seal.ts';
import { permissionOf } from '../permission/status.ts';
import { readEntry } from '../permission/store.ts';
import { formerAddress } from '../preferences/new-address.ts';
import type { Brand } from '../settings/brand.ts';
import { topicName } from '../settings/uses.ts';
import type { Uses } from '../settings/uses.ts';
import { describeUses } from '../signup/items.ts';
import { choicesToken, undoToken, unsubscribeToken } from '../signup/links.ts';
import type { EntryMail } from './mail-item.ts';
import type { WriteDeps, Written } from './written.ts';

/** An undo from the owner's mailbox works this long (issue: the receipt mail). */
const UNDO_BY_MAIL = 7 * DAY;

type About = { mail: EntryMail; brand: Brand; contact: Contact; entry: EvidenceEntry; uses: Uses };
type Letter = Pick<Written, 'rendered' | 'headers'>;

/** A mail that follows from an act, as long as what it tells is still true. */
export async function writeEntryMail(
  deps: WriteDeps,
  mail: EntryMail,
  brand: Brand,
): Promise<Written | undefined> {
  const contact = await readContact(deps.db, mail.contactId);
  const entry = contact && (await readEntry(deps.db, contact.id, mail.seq));
  if (!contact || !entry) return undefined;
  const about = { mail, brand, contact, entry, uses: await deps.settings.uses(contact.controller) };
  switch (mail.kind) {
    case 'welcome':
      return toOwner(contact, await welcome(deps, about));
    case 'unsubscribe-receipt':
      return toOwner(contact, await unsubscribeReceipt(deps, about));
    case 'choices-receipt':
      return toOwner(contact, await choicesReceipt(deps, about));
    case 'address-notice': {
      const payload = openPayload(await deps.secrets.evidenceMaster(), contact.salt, entry, entry.sealed);
      const former = formerAddress(payload);
      return former && { to: former.address, addressKey: former.addressKey, ...addressNotice(deps, about) };
    }
  }
}

function toOwner({ address, addressKey }: Contact, letter: Letter | undefined): Written | undefined {
  return letter && address !== undefined && addressKey !== undefined
    ? { to: address, addressKey, ...letter }
    : undefined;
}

async function welcome(deps: WriteDeps, about: About): Promise<Letter | undefined> {
  const { mail, brand, contact, entry, uses } = about;
  const held = entry.changes.filter(
    ({ use, to, review }) =>
      to === 'granted' && !review && permissionOf(contact, brand.id, use)?.status === 'granted',
  );
  const mailed = held.find(({ use }) =>
    uses.uses.some(({ id, channel }) => id === use && channel === 'email'),
  );
  if (!mailed) return undefined;
  const links = await deps.secrets.linkKeys();
  const ref = { contactId: contact.id, brand: brand.id };
  const url = `${deps.baseUrl}/unsubscribe/${unsubscribeToken(links, { ...ref, use: mailed.use })}`;
  const choicesUrl = `${deps.baseUrl}/preferences/${choicesToken(links, ref)}`;
  const items = await describe(deps, about, held);
  const { language } = mail;
  return {
    rendered: deps.templates.welcome({ brand, language, items, choicesUrl, unsubscribeUrl: url }),
    headers: { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  };
}

async function unsubscribeReceipt(deps: WriteDeps, about: About): Promise<Letter | undefined> {
  const { mail, brand, contact, entry } = about;
  const gone = entry.changes.filter(
    ({ use, from, topicsJoined }) =>
      from === 'granted' && !topicsJoined && contact.permissions[`${brand.id}#${use}`]?.seq === entry.seq,
  );
  if (gone.length === 0) return undefined;
  const { language } = mail;
  const rendered = deps.templates.unsubscribeReceipt({
    brand,
    language,
    at: entry.at,
    gone: await describe(deps, about, gone),
    undoUrl: await undoUrl(deps, about),
  });
  return { rendered };
}

/** Tells the owner of the mailbox what changed: the link that did it may have been forwarded. */
async function choicesReceipt(deps: WriteDeps, about: About): Promise<Letter | undefined> {
  const { mail, brand, entry } = about;
  const { language } = mail;
  const of = (name: 'topicsJoined' | 'topicsLeft') =>
    entry.changes
      .flatMap((change) => change[name] ?? [])
      .map((topic) => topicName(about.uses, topic, language));
  const rendered = deps.templates.choicesReceipt({
    brand,
    language,
    at: entry.at,
    joined: of('topicsJoined'),
    left: of('topicsLeft'),
    choices: entry.choices ?? {},
    undoUrl: await undoUrl(deps, about),
  });
  return { rendered };
}

async function undoUrl(deps: WriteDeps, { brand, contact, entry }: About): Promise<string> {
  const token = undoToken(await deps.secrets.linkKeys(), 'undo-mail', {
    contactId: contact.id,
    brand: brand.id,
    seq: entry.seq,
    until: plus(entry.at, UNDO_BY_MAIL),
  });
  return `${deps.baseUrl}/undo/${token}`;
}

/** Whoever holds the old mailbox must learn of it, and of what to do if it was not them (D3). */
function addressNotice({ templates }: WriteDeps, { mail, brand, entry, contact }: About): Letter {
  const { language } = mail;
  const newAddress = maskAddress(contact.address);
  return { rendered: templates.addressNotice({ brand, language, at: entry.at, newAddress }) };
}

function describe({ settings }: WriteDeps, { uses, mail }: About, changes: Change[]) {
  const refs = changes.map(({ use, wording, topics = [], topicsLeft }) => ({
    use,
    wording,
    topics: topicsLeft ?? topics,
  }));
  return describeUses(settings, uses, mail.language, refs);
}
