import type { Contact, GrantedPermission, Permission } from '../contacts/contact.ts';
import { permissionKey } from '../contacts/contact.ts';
import { AppError } from '../platform/errors.ts';
import { jitter } from '../platform/ids.ts';
import type { Secrets } from '../platform/secrets.ts';
import { transact } from '../platform/table.ts';
import type { Action, Database } from '../platform/table.ts';
import { CHAIN_START, entryHash } from './evidence.ts';
import type { Change, EvidenceDraft, EvidenceEntry } from './evidence.ts';
import { sealPayload } from './seal.ts';
import type { EvidencePayload } from './seal.ts';
import { appendEntry, createContact, updateContact } from './store.ts';

export type RecordDeps = { db: Database; secrets: Pick<Secrets, 'evidenceMaster'> };
/** A contact that the act itself brings into being: everything but its chain. */
export type NewContact = Omit<Contact, 'head' | 'permissions' | 'updatedAt' | 'noAdvertising' | 'reviews'>;
export type RecordInput = {
  /** The contact as read, strongly consistent, or one to create. */
  contact: Contact | NewContact;
  draft: EvidenceDraft;
  payload: EvidencePayload;
  /** What the person said about themselves in the same act. */
  profile?: Partial<Pick<Contact, 'fields' | 'country' | 'language'>>;
  /** Writes that must be true together with the act, for example closing the request it answers. */
  also?: Action[];
};
export type Recorded = { entry: EvidenceEntry; contact: Contact };

/**
 * The only writer of permissions: status and evidence entry in one transaction, under the version condition of
 * the chain head (H2). Nothing changes where any part cannot be written.
 * @returns undefined where somebody wrote since the contact was read: read again and decide again
 */
export async function record(deps: RecordDeps, input: RecordInput): Promise<Recorded | undefined> {
  const before = 'head' in input.contact ? input.contact : undefined;
  const head = before?.head ?? { seq: 0, hash: CHAIN_START };
  const seq = head.seq + 1;
  const { id: contactId, controller, salt } = input.contact;
  const seal = sealPayload(await deps.secrets.evidenceMaster(), salt, { contactId, seq }, input.payload);
  const unhashed = {
    schema: 1 as const,
    contactId,
    controller,
    seq,
    prevHash: head.hash,
    ...input.draft,
    ...seal,
  };
  const entry: EvidenceEntry = { ...unhashed, hash: entryHash(unhashed) };
  const after = applyEntry(input.contact, entry, input.profile);
  const outcome = await transact(deps.db, [
    ...(before ? [updateContact(before, after)] : createContact(after)),
    appendEntry(entry),
    ...(input.also ?? []),
  ]);
  return outcome.done ? { entry, contact: after } : undefined;
}

/** Repeats `attempt` (read, decide, record) until it answers, that is until it lost no race; at most 12 times. */
export async function untilRecorded<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let round = 0; round < 12; round += 1) {
    const outcome = await attempt();
    if (outcome !== undefined) return outcome;
    await new Promise((resolve) => setTimeout(resolve, jitter(10 * 2 ** Math.min(round, 6))));
  }
  throw new AppError('unavailable', 'too many people are changing this at once');
}

/** What the contact is after an entry: permissions follow from evidence and from nothing else. */
function applyEntry(
  contact: Contact | NewContact,
  entry: EvidenceEntry,
  profile: RecordInput['profile'],
): Contact {
  const existing = 'head' in contact ? contact : undefined;
  const permissions = { ...existing?.permissions };
  for (const change of entry.changes) {
    const key = permissionKey(change.brand, change.use);
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
