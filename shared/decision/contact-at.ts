import type { Contact } from '../contacts/contact.ts';
import { splitPermissionKey } from '../contacts/contact.ts';
import type { AddressItem } from '../contacts/store.ts';
import type { Instant } from '../platform/clock.ts';
import { keys } from '../platform/keys.ts';
import { queryPartition } from '../platform/read-many.ts';
import type { Database } from '../platform/table.ts';
import { applyEntry } from '../permission/apply-entry.ts';
import type { EvidenceEntry } from '../permission/evidence.ts';
import { readEntries } from '../permission/store.ts';
import { send } from './promotion.ts';
import type { Send } from './promotion.ts';

/**
 * A contact as its evidence says it was at a past instant, with what had been sent until then. Profile, wishes and
 * account are today's: their past is not kept.
 * @returns undefined where nobody knew the person yet
 */
export async function contactAt(db: Database, contact: Contact, at: Instant): Promise<Contact | undefined> {
  const entries = await readEntries(db, contact.id);
  const later = entries.findIndex((entry) => entry.at > at);
  const then = fold(contact, later < 0 ? entries : entries.slice(0, later));
  if (!then) return undefined;
  const sent: Send[] = [];
  for await (const each of queryPartition(db, 'engagement', keys.contact(contact.id).pk, send, 'PROMO#')) {
    if (each.at <= at) sent.push(each);
  }
  return { ...then, ...usesUntil(contact, sent, at) };
}

/** Only news that had come in by then. */
export function addressAt(item: AddressItem | undefined, at: Instant): AddressItem | undefined {
  if (!item?.suppression) return item;
  const { hard, complaint, soft, provenAt } = item.suppression;
  const until = <T extends { at: Instant }>(news: T | undefined) =>
    news && news.at <= at ? news : undefined;
  return {
    ...item,
    suppression: {
      hard: until(hard),
      complaint: until(complaint),
      soft: soft.filter((bounce) => bounce.at <= at),
      provenAt: provenAt !== undefined && provenAt <= at ? provenAt : undefined,
    },
  };
}

function fold(contact: Contact, entries: readonly EvidenceEntry[]): Contact | undefined {
  const {
    head: _head,
    updatedAt: _updatedAt,
    permissions: _permissions,
    noAdvertising: _noAdvertising,
    restricted: _restricted,
    reviews: _reviews,
    lapses: _lapses,
    bases = {},
    formerKeys: _formerKeys,
    // Interest rises and falls: what it was then is not kept, and the stricter caps count.
    highAffinity: _highAffinity,
    ...today
  } = contact;
  // Every other key follows from the entries.
  const born = { ...today, addressKey: entries.find(({ moved }) => moved)?.moved?.from ?? today.addressKey };
  let then: Contact | undefined;
  for (const entry of entries) then = applyEntry(then ?? born, entry);
  const last = then?.head.seq ?? 0;
  const known = Object.entries(bases).filter(([, basis]) => basis.seq <= last);
  return then && { ...then, bases: Object.fromEntries(known) };
}

function usesUntil(
  { frequency, lastUses = {} }: Contact,
  sent: readonly Send[],
  at: Instant,
): Pick<Contact, 'frequency' | 'lastUses'> {
  const lastUse = (place: string, last: Instant): [string, Instant][] => {
    if (last <= at) return [[place, last]];
    const { brand, use } = splitPermissionKey(place);
    const earlier = sent.findLast((each) => each.brand === brand && each.use === use);
    return earlier ? [[place, earlier.at]] : [];
  };
  return {
    frequency: frequency && {
      rev: frequency.rev,
      slots: frequency.slots.filter((slot) => slot.at <= at),
      unanswered: frequency.unanswered && frequency.unanswered.since <= at ? frequency.unanswered : undefined,
    },
    lastUses: Object.fromEntries(Object.entries(lastUses).flatMap(([place, last]) => lastUse(place, last))),
  };
}
