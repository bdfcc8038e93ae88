import { permissionKey } from '../contacts/contact.ts';
import type { Contact, GrantedPermission, Incomplete, Permission, Review } from '../contacts/contact.ts';
import type { LegalBasis } from '../contacts/legal-basis.ts';
import type { Change, EvidenceEntry, Route } from './evidence.ts';
import { closeGaps, gapIn } from './proof-gap.ts';
import { heldBy, permissionOf, toldIn } from './status.ts';
import type { Status } from './status.ts';

/** A contact that the act itself brings into being: everything but its chain. */
export type NewContact = Omit<
  Contact,
  'head' | 'permissions' | 'updatedAt' | 'noAdvertising' | 'restricted' | 'reviews' | 'lapses' | 'bases'
>;
/** What was said about the person in the same act. */
export type Profile = Partial<
  Pick<
    Contact,
    | 'fields'
    | 'country'
    | 'language'
    | 'languageFrom'
    | 'accountId'
    | 'wish'
    | 'pausedUntil'
    | 'address'
    | 'skipped'
  >
>;
type WithoutPlace<B> = B extends LegalBasis ? Omit<B, 'at' | 'seq'> : never;
/** A basis as it is told; the entry that records it gives its instant and place. */
export type BasisDraft = WithoutPlace<LegalBasis>;
/** Bases recorded by the act, by `brand#use`. */
export type Bases = Record<string, BasisDraft>;

/** Routes on which the person proved the mailbox: nothing else leads out of `withdrawn` (DOMAIN 2). */
const PROVES_MAILBOX: ReadonlySet<Route> = new Set<Route>([
  'double-opt-in',
  'log-in',
  'undo',
  'receipt-link',
]);

/** Where each kind of entry may lead a permission; everything else leaves it where it is. */
const LEADS_TO = {
  granted: ['granted'],
  withdrawn: ['withdrawn'],
  known: ['blocked'],
  blocked: ['blocked'],
  unblocked: ['granted', 'withdrawn', 'unclear', 'open'],
  lapsed: ['unclear', 'open'],
  review: [],
  delivery: [],
  basis: [],
  denied: [],
  erased: [],
  choices: [],
  address: [],
  restricted: [],
  unrestricted: [],
} as const satisfies Record<EvidenceEntry['type'], readonly Status[]>;

/** What the contact is after an entry: permissions follow from evidence and from nothing else. */
export function applyEntry(
  contact: Contact | NewContact,
  entry: EvidenceEntry,
  said: { profile?: Profile | undefined; bases?: Bases | undefined } = {},
): Contact {
  const existing = 'head' in contact ? contact : undefined;
  const after: Contact = {
    ...contact,
    ...said.profile,
    updatedAt: entry.at,
    permissions: { ...existing?.permissions },
    head: { seq: entry.seq, hash: entry.hash },
  };
  for (const change of entry.changes) {
    const place = permissionKey(change.brand, change.use);
    const current = permissionOf(existing, change.brand, change.use);
    const asked = existing?.reviews?.[place];
    refuseUntrue(change, entry, current, asked);
    const { addressKey } = contact;
    const gap = gapIn(entry, change, { held: existing?.permissions[place], asked, addressKey });
    const permission = applyChange(current, change, entry, { addressKey, gap });
    if (permission === undefined) delete after.permissions[place];
    else if (permission !== current) after.permissions[place] = permission;
    settle(after, place, change, entry, { basis: said.bases?.[place], gap });
    if (after.restricted && isOwnNewGrant(change, entry)) {
      after.restricted = { ...after.restricted, except: [...(after.restricted.except ?? []), place] };
    }
  }
  if (entry.delivery) closeGaps(after, entry.delivery.requestId);
  if (entry.moved) move(after, entry.moved);
  if (entry.type === 'restricted') after.restricted = { since: entry.at, seq: entry.seq };
  if (entry.type === 'unrestricted') delete after.restricted;
  if (entry.noAdvertising) endAdvertising(after, entry);
  if (entry.undoes !== undefined && toldIn(after.noAdvertising) === entry.undoes) delete after.noAdvertising;
  return after;
}

/**
 * "No advertising at all" counts from its place in the chain. Told late, it stands before what the person agreed to
 * after saying it: of all that is stored nothing else is still granted. What waits or speaks for a use ends with it.
 */
function endAdvertising(after: Contact, { at, seq, receivedAt }: EvidenceEntry): void {
  const kept = Object.values(after.permissions).flatMap((permission) => {
    const held = heldBy(permission);
    return held?.status === 'granted' ? [held.seq] : [];
  });
  const first = receivedAt === undefined ? seq : Math.min(seq, ...kept);
  after.noAdvertising = { since: at, ...(first < seq ? { seq: first - 1, toldIn: seq } : { seq }) };
  delete after.reviews;
  delete after.bases;
}

/** With the person's consent restricted data may be used (art. 18(2) GDPR): one given anew, not one brought back. */
function isOwnNewGrant({ to, wording, review }: Change, { type, route, undoes }: EvidenceEntry): boolean {
  const isNew = type === 'granted' && to === 'granted' && wording !== undefined && !review;
  return isNew && undoes === undefined && PROVES_MAILBOX.has(route);
}

/** Grants keep the key of the address that they were given for, and so stay behind (DOMAIN 1). */
function move(after: Contact, { from, to }: { from: string; to: string }): void {
  after.addressKey = to;
  after.formerKeys = [...(after.formerKeys ?? []), from].filter((key) => key !== to);
}

/** What a grant takes from elsewhere: whose address it is for, and what its proof lacks. */
type About = { addressKey: string | undefined; gap: Incomplete | undefined };

/** The permission after a change; undefined for a resting status, which is never stored. */
function applyChange(
  current: Permission | undefined,
  change: Change,
  entry: EvidenceEntry,
  about: About,
): Permission | undefined {
  const { at, seq } = entry;
  const told = change.topics ?? change.wording ?? change.beneath;
  if (change.review || change.basis || (change.from === change.to && told === undefined)) return current;
  switch (change.to) {
    case 'withdrawn':
      if (current?.status === 'blocked') return current.underneath;
      return { status: 'withdrawn', since: at, seq, ...gapOf(current) };
    case 'granted':
      // What lay under a block comes back as it was: no new consent.
      if (current?.status === 'blocked' && !change.wording) return current.underneath;
      return grant(current, change, entry, about);
    case 'blocked':
      if (current?.status !== 'blocked') {
        return { status: 'blocked', since: at, seq, ...(current ? { underneath: current } : {}) };
      }
      return change.beneath ? { ...current, underneath: { status: 'withdrawn', since: at, seq } } : current;
    case 'unclear':
    case 'open':
      return undefined;
  }
}

function grant(
  current: Permission | undefined,
  change: Change,
  { at, seq, route, document }: EvidenceEntry,
  { addressKey, gap }: About,
): GrantedPermission {
  const topics = change.topics ?? [];
  // Leaving or regaining a topic is no new consent: wording, proof and start stay those of the grant.
  if (current?.status === 'granted' && !change.wording) return { ...current, topics, seq };
  if (!change.wording || !change.proof) throw new Error('a grant needs wording and proof');
  const { wording, form, proof } = change;
  const byMail = proof === 'double' || proof === 'confirmed';
  return {
    status: 'granted',
    // Given by word or on paper it is as old as it was given, not as it was written down (G8).
    since: document?.givenAt ?? at,
    seq,
    topics,
    wording,
    proof,
    ...(byMail && addressKey !== undefined ? { addressKey } : {}),
    ...(form ? { form } : {}),
    ...(document?.sha256 ? { document: document.sha256 } : {}),
    ...(route === 'review' ? { approved: true } : {}),
    ...(gap ? { incomplete: gap } : {}),
  };
}

function gapOf(taken: Permission | undefined): { incomplete?: Incomplete } {
  return taken?.status === 'granted' && taken.incomplete ? { incomplete: taken.incomplete } : {};
}

/** Keeps what stands beside a permission true: reviews, lapses, bases. */
function settle(
  after: Contact,
  place: string,
  change: Change,
  { at, seq, route, type }: EvidenceEntry,
  { basis, gap }: { basis: BasisDraft | undefined; gap: Incomplete | undefined },
): void {
  const { topics, wording, form, proof } = change;
  if (change.review) {
    const asked: Review = {
      since: at,
      seq,
      why: change.from === 'blocked' ? 'blocked' : 'competitor',
      ...(topics ? { topics } : {}),
      ...(wording ? { wording } : {}),
      ...(form ? { form } : {}),
      ...(proof ? { proof } : {}),
      ...(gap ? { incomplete: gap } : {}),
    };
    after.reviews = { ...after.reviews, [place]: asked };
  } else if (type === 'granted' || type === 'withdrawn' || route === 'review') {
    // What the person asked for under a block still waits when the block ends.
    after.reviews = without(after.reviews, place);
  }
  if (change.lapsed) after.lapses = { ...after.lapses, [place]: { since: at, seq } };
  else if (change.to === 'granted') after.lapses = without(after.lapses, place);
  // After a no, nothing that spoke for the use before it counts again: not even after a later consent ends (G2).
  if (type === 'withdrawn' && (change.to === 'withdrawn' || change.beneath)) {
    after.bases = without(after.bases, place);
  }
  if (basis) after.bases = { ...after.bases, [place]: { ...basis, at, seq } };
  for (const name of ['reviews', 'lapses', 'bases'] as const)
    if (after[name] === undefined) delete after[name];
}

/** The last line of defence behind the rules: evidence must start from what is true, and no `no` is overruled. */
function refuseUntrue(
  { from, to, use }: Change,
  { route, type }: EvidenceEntry,
  current: Permission | undefined,
  asked: Review | undefined,
): void {
  const stored: Status | undefined = current?.status;
  const isTrue = stored === undefined ? from === 'unclear' || from === 'open' : from === stored;
  if (!isTrue) throw new Error(`the permission is ${stored ?? 'not asked for'}, not ${from}`);
  const ways: readonly Status[] = LEADS_TO[type];
  if (from !== to && !ways.includes(to)) throw new Error(`${type} leads ${use} from ${from} to no ${to}`);
  const objection = heldBy(current);
  if (to !== 'granted' || objection?.status !== 'withdrawn') return;
  if (stored === 'blocked' || route === 'review') {
    // Allowed by one of us, but still the person's own act: proven, and later than their no.
    if (route === 'review' && asked?.proof === 'double' && asked.seq > objection.seq) return;
  } else if (PROVES_MAILBOX.has(route)) return;
  throw new Error(`${route} does not lead out of withdrawn`);
}

function without<T>(record: Record<string, T> | undefined, key: string): Record<string, T> | undefined {
  if (!record || !(key in record)) return record;
  const { [key]: _, ...rest } = record;
  return Object.keys(rest).length > 0 ? rest : undefined;
}
