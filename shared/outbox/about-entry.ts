import type { Contact } from '../contacts/contact.ts';
import type { Change, EvidenceEntry } from '../permission/evidence.ts';
import type { Brand } from '../settings/brand.ts';
import type { Uses } from '../settings/uses.ts';
import { describeUses } from '../signup/items.ts';
import type { EntryMail } from './mail-item.ts';
import type { UseItem } from './templates.ts';
import type { WriteDeps, Written } from './written.ts';

/** A mail that follows from an act, and all that it speaks of. */
export type AboutEntry = {
  mail: EntryMail;
  brand: Brand;
  contact: Contact;
  entry: EvidenceEntry;
  uses: Uses;
};
export type Letter = Pick<Written, 'rendered' | 'headers'>;

/** What changed in words, a topic left by itself rather than those that stay. */
export function describeChanges(
  { settings }: WriteDeps,
  { uses, mail }: AboutEntry,
  changes: readonly Change[],
): Promise<UseItem[]> {
  const refs = changes.map(({ use, wording, topics = [], topicsLeft }) => ({
    use,
    wording,
    topics: topicsLeft ?? topics,
  }));
  return describeUses(settings, uses, mail.language, refs);
}
