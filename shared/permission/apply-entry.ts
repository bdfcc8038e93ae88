import { permissionKey } from '../contacts/contact.ts';
import type { Contact, GrantedPermission, Permission } from '../contacts/contact.ts';
import type { Change, EvidenceEntry, Route } from './evidence.ts';
import { permissionOf } from './status.ts';
import type { Status } from './status.ts';

/** A contact that the act itself brings into being: everything but its chain. */
export type NewContact = Omit<Contact, 'head' | 'permissions' | 'updatedAt' | 'noAdvertising' | 'reviews'>;
/** What the person said about themselves in the same act. */
export type Profile = Partial<Pick<Contact, 'fields' | 'country' | 'language'>>;

/** Routes on which the person proved the mailbox: nothing else leads out of `withdrawn` (DOMAIN 2). */
const PROVES_MAILBOX: ReadonlySet<Route> = new Set<Route>(['double-opt-in', 'undo', 'receipt-link']);

/** What the contact is after an entry: permissions follow from evidence and from nothing else. */
export function applyEntry(
  contact: Contact | NewContact,
  entry: EvidenceEntry,
  profile: Profile | undefined,
): Contact {
  const existing = 'head' in contact ? contact : undefined;
  const permissions = { ...existing?.permissions };
  for (const change of entry.changes) {
    const key = permissionKey(change.brand, change.use);
    refuseUntrue(change, entry, permissionOf(existing, change.brand, change.use)?.status);
    permissions[key] = applyChange(permissions[key], change, entry, contact.addressKey);
  }
  const after: Contact = {
    ...contact,
    ...profile,
    updatedAt: entry.at,
    permissions,
    head: { seq: entry.seq, hash: entry.hash },
  };
  if (entry.noAdvertising) after.noAdvertising = { since: entry.at, seq: entry.seq };
  if (entry.undoes !== undefined && after.noAdvertising?.seq === entry.undoes) delete after.noAdvertising;
  const asked = entry.changes.filter(({ review }) => review);
  if (asked.length > 0) after.reviews = { ...after.reviews, ...toReviews(asked, entry) };
  return after;
}

function applyChange(
  current: Permission | undefined,
  change: Change,
  { at, seq }: EvidenceEntry,
  addressKey: string,
): Permission {
  if (change.to === 'withdrawn') return { status: 'withdrawn', since: at, seq };
  if (change.to === 'blocked' && current?.status === 'blocked') {
    return change.beneath ? { ...current, underneath: { status: 'withdrawn', since: at, seq } } : current;
  }
  if (change.to === 'granted') return grant(current, change, at, seq, addressKey);
  throw new Error(`no act leads from ${change.from} to ${change.to}`);
}

function grant(
  current: Permission | undefined,
  change: Change,
  at: string,
  seq: number,
  addressKey: string,
): GrantedPermission {
  const topics = change.topics ?? [];
  // Leaving or regaining a topic is no new consent: wording, proof and start stay those of the grant.
  if (current?.status === 'granted' && !change.wording) return { ...current, topics, seq };
  if (!change.wording || !change.form || !change.proof)
    throw new Error('a grant needs wording, form and proof');
  const { wording, form, proof } = change;
  return { status: 'granted', since: at, seq, addressKey, topics, wording, form, proof };
}

function toReviews(asked: Change[], { at, seq }: EvidenceEntry): NonNullable<Contact['reviews']> {
  return Object.fromEntries(asked.map(({ brand, use }) => [permissionKey(brand, use), { since: at, seq }]));
}

/** The last line of defence behind the rules: evidence must start from what is true, and no `no` is overruled. */
function refuseUntrue({ from, to }: Change, { route }: EvidenceEntry, stored: Status | undefined): void {
  const isTrue = stored === undefined ? from === 'unclear' || from === 'open' : from === stored;
  if (!isTrue) throw new Error(`the permission is ${stored ?? 'not asked for'}, not ${from}`);
  if (stored === 'withdrawn' && to === 'granted' && !PROVES_MAILBOX.has(route)) {
    throw new Error(`${route} does not lead out of withdrawn`);
  }
}
