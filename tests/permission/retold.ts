import { isDeepStrictEqual } from 'node:util';

import type { Contact, Permission } from '../../shared/contacts/contact.ts';
import { permissionKey } from '../../shared/contacts/contact.ts';
import { readContact } from '../../shared/contacts/store.ts';
import { applyEntry } from '../../shared/permission/apply-entry.ts';
import type { NewContact } from '../../shared/permission/apply-entry.ts';
import type { EvidenceEntry } from '../../shared/permission/evidence.ts';
import { gradeGrants } from '../../shared/permission/grade.ts';
import type { Grade } from '../../shared/permission/grade.ts';
import { permissionOf, restrictionOf } from '../../shared/permission/status.ts';
import { readEntries, readWaiting } from '../../shared/permission/store.ts';
import { verifyChain } from '../../shared/permission/verify.ts';
import type { Database } from '../../shared/platform/table.ts';
import { brand, newPerson, sister, uses } from './person.ts';

/** Every use of both brands, and one that nobody has thought of yet. */
const PLACES = [brand.id, sister.id].flatMap((of) =>
  [...uses.uses.map(({ id }) => id), 'use-of-next-year'].map((use) => ({ brand: of, use })),
);
const CHANNEL = new Map(uses.uses.map(({ id, channel }) => [id, channel]));
const BY_MAIL = ['double-opt-in', 'log-in', 'confirmed-opt-in', 'undo', 'receipt-link', 'review'];
const BY_WORD = ['oral', 'paper', 'undo', 'receipt-link'];
const PROVES_MAILBOX = ['double-opt-in', 'log-in', 'undo', 'receipt-link'];

type Step = { entries: EvidenceEntry[]; entry: EvidenceEntry; before: Contact | undefined; after: Contact };

/** What is wrong with the history of these contacts; each entry is judged by what it did to every use. */
export async function contradictions(deps: { db: Database }, contactIds: string[]): Promise<string[]> {
  const all = await Promise.all(contactIds.map((id) => contradictionsOf(deps.db, id)));
  return all.flat();
}

async function contradictionsOf(db: Database, id: string): Promise<string[]> {
  const contact = await readContact(db, id);
  const entries = await readEntries(db, id);
  const wrong: string[] = [];
  const first = entries.find(({ moved }) => moved)?.moved?.from ?? contact?.addressKey;
  const born = { ...(contact ? newborn(contact) : newPerson({ id })), addressKey: first };
  let told: Contact | undefined;
  for (const entry of entries) {
    const after = applyEntry(told ?? born, entry);
    const step = { entries, entry, before: told, after };
    for (const place of PLACES)
      wrong.push(...judge(step, place).map((why) => `${entry.seq} ${entry.type}: ${why}`));
    told = after;
  }
  const verdict = verifyChain(entries, contact?.head);
  if (!verdict.ok) wrong.push(`${verdict.seq}: ${verdict.problem}`);
  if (!contact) return entries.at(-1)?.type === 'erased' ? wrong : [...wrong, 'gone without an erasure'];
  for (const name of [
    'permissions',
    'noAdvertising',
    'reviews',
    'lapses',
    'addressKey',
    'formerKeys',
  ] as const) {
    if (!isDeepStrictEqual(contact[name], told?.[name])) wrong.push(`${name} are not as the ledger tells`);
  }
  wrong.push(...ungraded(contact, entries));
  const { contacts } = await readWaiting(db, contact.controller, { limit: 1_000 });
  const listed = contacts.some((each) => each.id === id);
  return listed === (contact.reviews !== undefined) ? wrong : [...wrong, 'the review list is wrong'];
}

/** Double opt-ins of which the decision and the evidence pack think differently (G5). */
function ungraded({ permissions }: Contact, entries: EvidenceEntry[]): string[] {
  const proofs = proofsIn(entries);
  return Object.entries(permissions).flatMap(([place, permission]) => {
    const grant = held(permission);
    if (grant?.status !== 'granted' || grant.proof !== 'double') return [];
    const { grade, proven = false } = proofs.get(place) ?? {};
    const complete = grant.incomplete === undefined;
    return (grade !== 'A' || complete) && (!complete || proven) ? [] : [`${place} is no ${grade}`];
  });
}

type Proof = { grade: Grade; proven: boolean; wording: string | undefined; address: string | undefined };

/** How the last grant of each place is proven: by itself, or by the one that it renews in the same words, or brings back. */
function proofsIn(entries: EvidenceEntry[]): Map<string, Proof> {
  const changes = entries.flatMap(({ seq, undoes, changes: all }) =>
    all.map((change) => ({ ...change, seq, undoes })),
  );
  const proofs = new Map<string, Proof>();
  for (const { seq, brand: of, use, grade } of gradeGrants(entries)) {
    const place = permissionKey(of, use);
    const told = changes.find((each) => each.seq === seq && permissionKey(each.brand, each.use) === place);
    const address = entries.findLast((entry) => entry.moved && entry.seq < seq)?.moved?.to;
    const last = proofs.get(place);
    const renews = told?.from === 'granted' && last?.wording === told.wording && last?.address === address;
    const stands = (renews || told?.undoes !== undefined) && last?.proven === true;
    proofs.set(place, { grade, proven: grade === 'A' || stands, wording: told?.wording, address });
  }
  return proofs;
}

/** Everything of a contact that no entry tells. */
function newborn(contact: Contact): NewContact {
  const {
    permissions: _,
    head: _head,
    updatedAt: _updatedAt,
    noAdvertising: _objection,
    ...others
  } = contact;
  const { restricted: _restricted, reviews: _reviews, lapses: _lapses, ...rest } = others;
  const { bases: _bases, formerKeys: _formerKeys, ...born } = rest;
  return born;
}

/** What one entry must not do to one use. */
function judge({ entries, entry, before, after }: Step, place: { brand: string; use: string }): string[] {
  const { seq, type, route, changes, noAdvertising, undoes } = entry;
  const [was, is] = [before, after].map((contact) => permissionOf(contact, place.brand, place.use));
  const stored = after.permissions[permissionKey(place.brand, place.use)];
  const named = changes.some((change) => change.brand === place.brand && change.use === place.use);
  const gained = is?.status === 'granted' && was?.status !== 'granted';
  const channel = CHANNEL.get(place.use);
  const closed = entry.delivery !== undefined && isDeepStrictEqual(withoutGap(was), withoutGap(is));
  const untold = !named && !noAdvertising && undoes === undefined && !closed && !isDeepStrictEqual(was, is);
  const rules: [string, boolean][] = [
    ['changed without being told', untold],
    ['overruled a no', saidNo(was) && !saidNo(is) && !isOwnAct(entries, entry, place, was)],
    [
      'ended a block',
      was?.status === 'blocked' && is?.status !== 'blocked' && type !== 'unblocked' && route !== 'review',
    ],
    [
      'brought back something else',
      was?.status === 'blocked' && type === 'unblocked' && named && !isSame(was.underneath, stored),
    ],
    [
      'kept nothing beneath',
      is?.status === 'blocked' && was?.status !== 'blocked' && !isSame(is.underneath, was),
    ],
    ['granted by a block', gained && type !== 'granted' && type !== 'unblocked'],
    ['granted mail by word', gained && type === 'granted' && isMail(channel) && !BY_MAIL.includes(route)],
    ['granted a call by mail', gained && type === 'granted' && !isMail(channel) && !BY_WORD.includes(route)],
    ['granted without proof', gained && route === 'confirmed-opt-in' && was !== undefined],
    [
      'ended a restriction',
      isRestricted(before, place) &&
        !isRestricted(after, place) &&
        type !== 'unrestricted' &&
        !(type === 'granted' && named && ['double-opt-in', 'log-in'].includes(route)),
    ],
    ['left advertising on', noAdvertising === true && !saidNo(is) && !isNewer(is, entry.receivedAt)],
    [
      'let a new use slip',
      after.noAdvertising !== undefined && place.use === 'use-of-next-year' && !saidNo(is),
    ],
  ];
  return rules.flatMap(([why, holds]) =>
    holds ? [`${place.brand}#${place.use} ${why} by ${route} (${seq})`] : [],
  );
}

function held(permission: Permission | undefined): Permission | undefined {
  return permission?.status === 'blocked' ? permission.underneath : permission;
}

function isRestricted(contact: Contact | undefined, { brand, use }: { brand: string; use: string }): boolean {
  return restrictionOf(contact, brand, use) !== undefined;
}

function withoutGap(permission: Permission | undefined): unknown {
  return JSON.parse(
    JSON.stringify(permission ?? null, (key, value: unknown) => (key === 'incomplete' ? undefined : value)),
  );
}

function saidNo(permission: Permission | undefined): boolean {
  return held(permission)?.status === 'withdrawn';
}

function isSame(beneath: Permission | undefined, above: Permission | undefined): boolean {
  return isDeepStrictEqual(beneath, above);
}

function isMail(channel: string | undefined): boolean {
  return channel === 'email' || channel === 'data';
}

/** The person's own act, or a yes of ours to a double opt-in that came after the no. */
function isOwnAct(
  entries: EvidenceEntry[],
  entry: EvidenceEntry,
  place: { brand: string; use: string },
  no: Permission | undefined,
): boolean {
  if (PROVES_MAILBOX.includes(entry.route)) return true;
  const asked = entries.some(
    ({ seq, route, changes }) =>
      seq > (held(no)?.seq ?? 0) &&
      seq < entry.seq &&
      route === 'double-opt-in' &&
      changes.some(
        ({ brand: of, use, review }) =>
          review && permissionKey(of, use) === permissionKey(place.brand, place.use),
      ),
  );
  return entry.route === 'review' && asked;
}

/** What the person confirmed after a no that was written down late. */
function isNewer(permission: Permission | undefined, receivedAt: string | undefined): boolean {
  const grant = held(permission);
  return (
    grant?.status === 'granted' &&
    grant.proof === 'double' &&
    receivedAt !== undefined &&
    grant.since > receivedAt
  );
}
