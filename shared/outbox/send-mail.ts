import { readAddress, readContact } from '../contacts/store.ts';
import type { Contact } from '../contacts/contact.ts';
import { isSuppressed } from '../contacts/suppression.ts';
import { DAY, now, plus } from '../platform/clock.ts';
import { log, metric } from '../platform/log.ts';
import type { Secrets } from '../platform/secrets.ts';
import type { Database } from '../platform/table.ts';
import type { Change, EvidenceEntry } from '../permission/evidence.ts';
import { permissionOf } from '../permission/status.ts';
import { readEntry } from '../permission/store.ts';
import type { Brand } from '../settings/brand.ts';
import type { Settings } from '../settings/store.ts';
import type { Uses } from '../settings/uses.ts';
import { describeUses } from '../signup/items.ts';
import { undoToken, unsubscribeToken } from '../signup/links.ts';
import { MAX_UNSURE, UNSURE_WAIT } from '../signup/next-step.ts';
import { dispatch, mailEvidenceOf } from './dispatch.ts';
import type { DispatchDeps, Letter } from './dispatch.ts';
import type { MailItem, MailState } from './mail-item.ts';
import { nextTry } from './next-try.ts';
import { toSendId } from './send-id.ts';
import { moveMail, readMail } from './store.ts';
import type { MailTemplates } from './templates.ts';

export type SendMailDeps = DispatchDeps & {
  db: Database;
  secrets: Pick<Secrets, 'linkKeys'>;
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
  const { address, addressKey } = contact ?? {};
  if (!brand || !contact || !address || !addressKey) return drop(deps, mail, 'withdrawn');
  const pointer = await readAddress(deps.db, contact.controller, addressKey);
  if (isSuppressed(pointer?.suppression, now()).suppressed) return drop(deps, mail, 'suppressed');
  const letter = await compose(deps, mail, brand, { ...contact, address });
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

/** The letter, or undefined where what it tells is no longer true: the last check before sending (U11). */
async function compose(
  deps: SendMailDeps,
  mail: MailItem,
  brand: Brand,
  contact: Contact & { address: string },
): Promise<Letter | undefined> {
  const entry = await readEntry(deps.db, contact.id, mail.seq);
  const uses = await deps.settings.uses(contact.controller);
  if (!entry) return undefined;
  const letter = {
    brand,
    to: contact.address,
    sendId: toSendId({ kind: 'mail', mailId: mail.id }),
    purpose: mail.kind,
  };
  return mail.kind === 'welcome'
    ? welcome(deps, { mail, brand, contact, entry, uses, letter })
    : receipt(deps, { mail, brand, contact, entry, uses, letter });
}

type Composing = {
  mail: MailItem;
  brand: Brand;
  contact: Contact;
  entry: EvidenceEntry;
  uses: Uses;
  letter: Omit<Letter, 'rendered'>;
};

async function welcome(deps: SendMailDeps, input: Composing): Promise<Letter | undefined> {
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

async function receipt(deps: SendMailDeps, input: Composing): Promise<Letter | undefined> {
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
