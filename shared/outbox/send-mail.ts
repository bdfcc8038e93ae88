import { readAddress, readContact } from '../contacts/store.ts';
import type { Contact } from '../contacts/contact.ts';
import { maskAddress } from '../contacts/email-address.ts';
import { isSuppressed } from '../contacts/suppression.ts';
import { assertNever } from '../platform/assert-never.ts';
import { DAY, now, plus } from '../platform/clock.ts';
import { log, metric } from '../platform/log.ts';
import type { Secrets } from '../platform/secrets.ts';
import type { Database } from '../platform/table.ts';
import type { Change, EvidenceEntry } from '../permission/evidence.ts';
import { permissionOf } from '../permission/status.ts';
import { openPayload } from '../permission/seal.ts';
import { readEntry } from '../permission/store.ts';
import { formerAddress, newAddressToken } from '../preferences/new-address.ts';
import type { Brand } from '../settings/brand.ts';
import type { Settings } from '../settings/store.ts';
import type { Uses } from '../settings/uses.ts';
import { describeUses } from '../signup/items.ts';
import { undoToken, unsubscribeToken } from '../signup/links.ts';
import { MAX_UNSURE, UNSURE_WAIT } from '../signup/next-step.ts';
import { dispatch, mailEvidenceOf } from './dispatch.ts';
import type { DispatchDeps, Letter } from './dispatch.ts';
import type { MailState } from '../permission/mail-state.ts';
import type { MailItem } from './mail-item.ts';
import { nextTry } from './next-try.ts';
import { toSendId } from './send-id.ts';
import { moveMail, readMail } from './store.ts';
import type { MailTemplates } from './templates.ts';

export type SendMailDeps = DispatchDeps & {
  db: Database;
  secrets: Pick<Secrets, 'linkKeys' | 'evidenceMaster'>;
  settings: Settings;
  templates: MailTemplates;
  baseUrl: string;
};

/** An undo from the owner's mailbox works this long (issue: the receipt mail). */
const UNDO_BY_MAIL = 7 * DAY;

/** Sends one mail of the outbox if it is due and still wanted; safe to call at any time, any number of times. */
export async function sendOutboxMail(deps: SendMailDeps, mailId: string): Promise<void> {
  const mail = await readMail(deps.db, mailId);
  if (!mail) return;
  switch (nextMailStep(mail.progress, now())) {
    case 'none':
      return;
    case 'give-up':
      return giveUp(deps, mail);
    case 'send':
      return send(deps, mail);
  }
}

/** What is to be done with a mail, from its state alone. */
export function nextMailStep(state: MailState, at: string): 'none' | 'send' | 'give-up' {
  if (state.state === 'waiting')
    return at >= state.until ? (state.attempt >= 20 ? 'give-up' : 'send') : 'none';
  if (state.state !== 'sending' || at < plus(state.mail.startedAt, UNSURE_WAIT)) return 'none';
  return state.unsure >= MAX_UNSURE ? 'give-up' : 'send';
}

async function send(deps: SendMailDeps, mail: MailItem): Promise<void> {
  const brand = await deps.settings.brand(mail.brand);
  const contact = await readContact(deps.db, mail.contactId);
  const entry = contact && (await readEntry(deps.db, contact.id, mail.seq));
  const recipient = contact && entry && (await recipientOf(deps, mail, contact, entry));
  if (!brand || !recipient) return drop(deps, mail, 'withdrawn');
  const pointer = await readAddress(deps.db, contact.controller, recipient.addressKey);
  if (isSuppressed(pointer?.suppression, now()).suppressed) return drop(deps, mail, 'suppressed');
  const letter = await compose(deps, { mail, brand, contact, entry, to: recipient.address });
  if (!letter) return drop(deps, mail, 'withdrawn');

  const { attempt, unsure } = nextTry(mail.progress);
  const sending = { state: 'sending', mail: mailEvidenceOf(letter.rendered), attempt, unsure } as const;
  const dueAt = plus(sending.mail.startedAt, UNSURE_WAIT);
  if (!(await moveMail(deps.db, mail, sending, dueAt))) return;

  const outcome = await dispatch(deps, letter, attempt);
  const claimed: MailItem = { ...mail, progress: sending };
  switch (outcome.kind) {
    case 'accepted': {
      const sent = { ...sending.mail, messageId: outcome.messageId, sentAt: outcome.at };
      await moveMail(deps.db, claimed, { state: 'sent', mail: sent }, null);
      return;
    }
    case 'retry':
      await moveMail(
        deps.db,
        claimed,
        { state: 'waiting', until: outcome.until, attempt, unsure },
        outcome.until,
      );
      return;
    case 'failed':
      return giveUp(deps, claimed);
    case 'unsure':
      return;
  }
}

type Recipient = { address: string; addressKey: string };
type Composing = { mail: MailItem; brand: Brand; contact: Contact; entry: EvidenceEntry; to: string };
type Writing = Omit<Composing, 'to'> & { uses: Uses; letter: Omit<Letter, 'rendered'> };

/** The person's address; where that is being changed, the new one or the one that was. */
async function recipientOf(
  deps: SendMailDeps,
  mail: MailItem,
  { address, addressKey, salt }: Contact,
  entry: EvidenceEntry,
): Promise<Recipient | undefined> {
  switch (mail.kind) {
    case 'new-address':
      return mail.change?.fromKey === addressKey ? mail.change : undefined;
    case 'address-notice':
      return formerAddress(openPayload(await deps.secrets.evidenceMaster(), salt, entry, entry.sealed));
    case 'welcome':
    case 'unsubscribe-receipt':
      return address === undefined || addressKey === undefined ? undefined : { address, addressKey };
    default:
      return assertNever(mail.kind);
  }
}

/** The letter, or undefined where what it tells is no longer true: the last check before sending (U11). */
async function compose(deps: SendMailDeps, { to, ...about }: Composing): Promise<Letter | undefined> {
  const { mail, brand, contact } = about;
  const sendId = toSendId({ kind: 'mail', mailId: mail.id });
  const letter = { brand, to, sendId, purpose: mail.kind };
  const writing = { ...about, uses: await deps.settings.uses(contact.controller), letter };
  switch (mail.kind) {
    case 'welcome':
      return welcome(deps, writing);
    case 'unsubscribe-receipt':
      return receipt(deps, writing);
    case 'new-address':
      return askNewAddress(deps, writing);
    case 'address-notice':
      return noticeOfAddress(deps, writing);
    default:
      return assertNever(mail.kind);
  }
}

async function welcome(deps: SendMailDeps, input: Writing): Promise<Letter | undefined> {
  const { mail, brand, contact, entry, uses, letter } = input;
  const held = entry.changes.filter(
    ({ use, to, review }) =>
      to === 'granted' && !review && permissionOf(contact, brand.id, use)?.status === 'granted',
  );
  const mailed = held.find(({ use }) =>
    uses.uses.some(({ id, channel }) => id === use && channel === 'email'),
  );
  if (!mailed) return undefined;
  const token = unsubscribeToken(await deps.secrets.linkKeys(), {
    contactId: contact.id,
    brand: brand.id,
    use: mailed.use,
  });
  const url = `${deps.baseUrl}/unsubscribe/${token}`;
  const items = await describe(deps, uses, mail, held);
  const { language } = mail;
  return {
    ...letter,
    rendered: deps.templates.welcome({ brand, language, items, choicesUrl: url, unsubscribeUrl: url }),
    headers: { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  };
}

async function receipt(deps: SendMailDeps, input: Writing): Promise<Letter | undefined> {
  const { mail, brand, contact, entry, uses, letter } = input;
  const gone = entry.changes.filter(
    ({ use, from }) => from === 'granted' && contact.permissions[`${brand.id}#${use}`]?.seq === entry.seq,
  );
  if (gone.length === 0) return undefined;
  const token = undoToken(await deps.secrets.linkKeys(), 'undo-mail', {
    contactId: contact.id,
    brand: brand.id,
    seq: entry.seq,
    until: plus(entry.at, UNDO_BY_MAIL),
  });
  const { language } = mail;
  return {
    ...letter,
    rendered: deps.templates.unsubscribeReceipt({
      brand,
      language,
      at: entry.at,
      gone: await describe(deps, uses, mail, gone),
      undoUrl: `${deps.baseUrl}/undo/${token}`,
    }),
  };
}

async function askNewAddress(
  deps: SendMailDeps,
  { mail, brand, letter }: Writing,
): Promise<Letter | undefined> {
  if (!mail.change || now() >= mail.change.until) return undefined;
  const ref = { contactId: mail.contactId, brand: brand.id, changeId: mail.change.id };
  const token = newAddressToken(await deps.secrets.linkKeys(), ref);
  const confirmUrl = `${deps.baseUrl}/address/${token}`;
  const { language, createdAt: at } = mail;
  return { ...letter, rendered: deps.templates.newAddress({ brand, language, at, confirmUrl }) };
}

/** Whoever holds the old mailbox must learn of it, and of what to do if it was not them (D3). */
async function noticeOfAddress(
  deps: SendMailDeps,
  { mail, brand, entry, contact, letter }: Writing,
): Promise<Letter | undefined> {
  const { language } = mail;
  const newAddress = maskAddress(contact.address);
  return {
    ...letter,
    rendered: deps.templates.addressNotice({ brand, language, at: entry.at, newAddress }),
  };
}

function describe(deps: SendMailDeps, uses: Uses, mail: MailItem, changes: Change[]) {
  const refs = changes.map(({ use, wording, topics = [], topicsLeft }) => ({
    use,
    wording,
    topics: topicsLeft ?? topics,
  }));
  return describeUses(deps.settings, uses, mail.language, refs);
}

async function drop(
  deps: SendMailDeps,
  mail: MailItem,
  why: 'withdrawn' | 'suppressed' | 'failed',
): Promise<void> {
  await moveMail(deps.db, mail, { state: 'dropped', why, at: now() }, null);
}

async function giveUp(deps: SendMailDeps, mail: MailItem): Promise<void> {
  log('error', 'mail-given-up', { purpose: mail.kind });
  metric('mail-given-up', 1, { purpose: mail.kind });
  await drop(deps, mail, 'failed');
}
