import { readContact } from '../contacts/store.ts';
import type { Database } from '../platform/table.ts';
import type { EvidenceEntry } from '../permission/evidence.ts';
import type { Settings } from '../settings/store.ts';
import type { EntryMail } from './mail-item.ts';
import { enqueueMail } from './store.ts';

export type PublishDeps = { db: Database; settings: Pick<Settings, 'brand'> };

const PREFIX = {
  welcome: 'w',
  'address-notice': 'a',
  'choices-receipt': 'c',
  'unsubscribe-receipt': 'r',
} as const satisfies Record<EntryMail['kind'], string>;

/** What follows from a new ledger entry: a welcome after a click or a yes of ours, a receipt after an unsubscribe. */
export async function publishEntry(deps: PublishDeps, entry: EvidenceEntry): Promise<void> {
  const kind = mailFor(entry);
  if (!kind) return;
  const contact = await readContact(deps.db, entry.contactId);
  const brandId = entry.brand ?? entry.changes[0]?.brand;
  const brand = brandId === undefined ? undefined : await deps.settings.brand(brandId);
  if (!brand || !contact || (kind === 'unsubscribe-receipt' && !brand.unsubscribeReceipt)) return;
  const { contactId, seq, at, controller } = entry;
  await enqueueMail(deps.db, {
    id: mailId(kind, entry),
    kind,
    controller,
    contactId,
    brand: brand.id,
    language: entry.signup?.language ?? contact.language,
    seq,
    createdAt: at,
  });
}

/**
 * Complaints, and "no advertising at all" by the link of one mailing, are answered with silence. What was done on the
 * choices page is told: its link may have been forwarded.
 */
function mailFor(entry: EvidenceEntry): EntryMail['kind'] | undefined {
  const confirmed = ['double-opt-in', 'log-in', 'review'].includes(entry.route);
  if (entry.type === 'granted' && confirmed) return 'welcome';
  if (entry.type === 'address') return 'address-notice';
  const onChoices = entry.route === 'preferences' || entry.route === 'log-in';
  if (entry.type === 'choices' && entry.undoes === undefined) return 'choices-receipt';
  const byLink = entry.route === 'one-click' || entry.route === 'unsubscribe-page';
  const isTold = onChoices || (byLink && !entry.noAdvertising);
  return entry.type === 'withdrawn' && isTold ? 'unsubscribe-receipt' : undefined;
}

/** The id of the mail that an entry led to, if it led to one. */
export function mailIdOf(entry: EvidenceEntry): string | undefined {
  const kind = mailFor(entry);
  return kind && mailId(kind, entry);
}

/** One mail per act: the id makes it once, however often the stream tells of the entry. */
function mailId(kind: EntryMail['kind'], { contactId, seq }: EvidenceEntry): string {
  return `${PREFIX[kind]}-${contactId}-${seq}`;
}
