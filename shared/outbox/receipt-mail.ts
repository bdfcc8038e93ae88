import { DAY, now, plus } from '../platform/clock.ts';
import type { Change } from '../permission/evidence.ts';
import { viewUndo } from '../permission/undo.ts';
import type { UndoView } from '../permission/undo.ts';
import { topicName, useName } from '../settings/uses.ts';
import { undoToken } from '../signup/links.ts';
import { describeChanges } from './about-entry.ts';
import type { AboutEntry, Letter } from './about-entry.ts';
import { claimMailbox } from './claim-mailbox.ts';
import type { NotYet, WriteDeps } from './written.ts';

/** What was done on choices is taken back from the owner's mailbox this long. */
const UNDO_BY_MAIL = 7 * DAY;
/** More than a person needs who tries things out; what a forwarded link does beyond it is told later (T7). */
const RECEIPT_LIMITS = { mailboxWindowMinutes: 0, mailboxPerDay: 10 };

/**
 * Tells the owner of the mailbox what somebody did on choices, with the way back: the link that did it may have been
 * forwarded. Where nothing is left to take back there is nothing to tell.
 */
export async function writeReceipt(deps: WriteDeps, about: AboutEntry): Promise<Letter | NotYet | undefined> {
  const { mail, brand, contact, entry } = about;
  const at = now();
  const until = plus(entry.at, UNDO_BY_MAIL);
  const back = at < until ? await viewUndo(deps, contact.id, entry.seq) : undefined;
  if (!back) return undefined;
  const place = { controller: mail.controller, limitKey: contact.id };
  const claim = await claimMailbox(deps.db, place, mail.id, at, RECEIPT_LIMITS);
  if (!claim.claimed) return { notBefore: claim.until };
  const ref = { contactId: contact.id, brand: brand.id, seq: entry.seq, until };
  const undoUrl = `${deps.baseUrl}/undo/${undoToken(await deps.secrets.linkKeys(), 'undo-mail', ref)}`;
  return isUnsubscribe(about) ? unsubscribed(deps, about, back, undoUrl) : changed(deps, about, undoUrl);
}

/** Only left something: no more was done in the same act. */
function isUnsubscribe({ entry }: AboutEntry): boolean {
  const { type, noAdvertising, choices, changes } = entry;
  const more = noAdvertising ?? choices ?? changes.find(({ topicsJoined }) => topicsJoined);
  return type === 'withdrawn' && more === undefined;
}

async function unsubscribed(
  deps: WriteDeps,
  about: AboutEntry,
  back: UndoView,
  undoUrl: string,
): Promise<Letter> {
  const { mail, brand, entry } = about;
  const comesBack = ({ brand: id, use }: Change) =>
    back.changes.some((each) => each.brand === id && each.use === use);
  const gone = await describeChanges(deps, about, entry.changes.filter(comesBack));
  const { language } = mail;
  return { rendered: deps.templates.unsubscribeReceipt({ brand, language, at: entry.at, gone, undoUrl }) };
}

function changed({ templates }: WriteDeps, about: AboutEntry, undoUrl: string): Letter {
  const { mail, brand, entry, uses } = about;
  const { language } = mail;
  const { at, noAdvertising = false, choices = {} } = entry;
  const changes = noAdvertising ? [] : entry.changes;
  const useNames = (some: Change[]) => some.map(({ use }) => useName(uses, use, language));
  const topics = (name: 'topicsJoined' | 'topicsLeft') =>
    changes.flatMap((change) => change[name] ?? []).map((topic) => topicName(uses, topic, language));
  const isJoined = ({ from, to, review }: Change) => to === 'granted' && from !== to && !review;
  const isLeft = ({ to, beneath }: Change) => to === 'withdrawn' || beneath !== undefined;
  const rendered = templates.choicesReceipt({
    brand,
    language,
    at,
    noAdvertising,
    joined: [...useNames(changes.filter(isJoined)), ...topics('topicsJoined')],
    left: [...useNames(changes.filter(isLeft)), ...topics('topicsLeft')],
    choices,
    undoUrl,
  });
  return { rendered };
}
