import type { Contact } from '../contacts/contact.ts';
import type { Promotion } from '../decision/promotion.ts';
import { readPromotions } from '../decision/store.ts';
import { plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import type { Secrets } from '../platform/secrets.ts';
import type { Database } from '../platform/table.ts';
import type { EvidenceEntry } from '../permission/evidence.ts';
import { openPayload } from '../permission/seal.ts';
import { readEntries, readEntry } from '../permission/store.ts';
import type { Settings } from '../settings/store.ts';
import { told } from './story.ts';
import type { Told } from './story.ts';

/** Why a message was allowed, as far as a person needs to know. */
export type Why =
  | { kind: 'consent'; since: Instant; seq: number }
  | { kind: 'existing-customer' | 'presumed-interest' | 'implied'; seq: number }
  /** The law and the sender's model ask for no consent: until the person objects. */
  | { kind: 'no-objection' };
export type HistoryItem =
  | { kind: 'message'; at: Instant; message: Promotion; why: Why }
  | { kind: 'act'; at: Instant; entry: EvidenceEntry };

/** What happened to a person with us, newest first; `before` is where the next page begins. */
export type History = { items: HistoryItem[]; before: Instant | undefined };

const PAGE = 50;

/** A page of messages and acts together. Acts of one instant with a message never fall between two pages. */
export async function readHistory(
  db: Database,
  contactId: string,
  before: Instant | undefined,
): Promise<History> {
  const [{ promotions }, entries] = await Promise.all([
    readPromotions(db, contactId, {
      limit: PAGE + 1,
      ...(before === undefined ? {} : { before: { at: before, sendId: '' } }),
    }),
    readEntries(db, contactId),
  ]);
  const items = [
    ...promotions.map((message): HistoryItem => ({
      kind: 'message',
      at: message.at,
      message,
      why: whyOf(message),
    })),
    ...entries
      .filter(({ at }) => before === undefined || at < before)
      // That a mail was delivered is a detail of the act before it.
      .filter(({ type }) => type !== 'delivery')
      .map((entry): HistoryItem => ({ kind: 'act', at: entry.at, entry })),
  ].sort(newestFirst);
  const next = items[PAGE];
  if (!next) return { items, before: undefined };
  const page = items.filter(({ at }, index) => index < PAGE && at > next.at);
  // More than a page in one instant cannot be cut in time; shown whole, nothing is lost.
  return page.length > 0
    ? { items: page, before: plus(next.at, 1) }
    : { items: items.filter(({ at }) => at === next.at), before: next.at };
}

function newestFirst(a: HistoryItem, b: HistoryItem): number {
  if (a.at !== b.at) return a.at < b.at ? 1 : -1;
  return a.kind === 'act' && b.kind === 'act' ? b.entry.seq - a.entry.seq : 0;
}

/** Read from the snapshot that was stored with the message: what was true then, not what is true now. */
export function whyOf({ snapshot: { permission, basis } }: Pick<Promotion, 'snapshot'>): Why {
  if (permission?.status === 'granted') {
    return { kind: 'consent', since: permission.since, seq: permission.seq };
  }
  return basis ? { kind: basis.kind, seq: basis.seq } : { kind: 'no-objection' };
}

export type ActDetail = {
  entry: EvidenceEntry;
  /** The personal data of the act: all of it, and by name what pages show. */
  personal: Record<string, unknown>;
  told: Told;
  /** The exact words, by use. */
  wordings: Record<string, string>;
};
export type ActDeps = {
  db: Database;
  secrets: Pick<Secrets, 'evidenceMaster'>;
  settings: Pick<Settings, 'wording'>;
};

/** One act of a person's record with all that belongs to it, for a receipt; undefined where there is none. */
export async function readAct(deps: ActDeps, contact: Contact, seq: number): Promise<ActDetail | undefined> {
  const entry = await readEntry(deps.db, contact.id, seq);
  return entry && openAct(deps, contact, entry);
}

export async function openAct(
  { secrets, settings }: Omit<ActDeps, 'db'>,
  { salt }: Pick<Contact, 'salt'>,
  entry: EvidenceEntry,
): Promise<ActDetail> {
  const personal = openPayload(await secrets.evidenceMaster(), salt, entry, entry.sealed);
  const payload = told.parse(personal);
  const texts = await Promise.all(
    entry.changes.map(async ({ use, wording }) => {
      // What was said on the phone or signed on paper stands on no form: its words lie with the act.
      const text = wording && ((await settings.wording(wording)) ?? payload.notes?.['wording']);
      return text ? [[use, text] as const] : [];
    }),
  );
  return { entry, personal, told: payload, wordings: Object.fromEntries(texts.flat()) };
}
