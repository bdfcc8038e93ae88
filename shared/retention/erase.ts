import type { Contact } from '../contacts/contact.ts';
import { externalKey } from '../contacts/external-key.ts';
import { readContact } from '../contacts/store.ts';
import { errorFields, log } from '../platform/log.ts';
import type { Instant } from '../platform/clock.ts';
import type { Secrets } from '../platform/secrets.ts';
import type { Actor, EvidenceEntry, Route } from '../permission/evidence.ts';
import { record, untilRecorded } from '../permission/record.ts';
import type { RecordDeps } from '../permission/record.ts';
import { heldBy } from '../permission/status.ts';
import { readEntries } from '../permission/store.ts';
import type { Settings } from '../settings/store.ts';
import { readSentUses } from '../evidence/sent-uses.ts';
import { clearErased } from './clear.ts';
import type { ErasedContact, Erasure, RequestedBy } from './erasure.ts';
import { proofToKeep } from './proof-to-keep.ts';
import type { KeptProof } from './proof-to-keep.ts';
import { bury, holdSalt, leadingTo, leaveStub, noteErasure, pointersOf, readErased } from './store.ts';

export type EraseDeps = RecordDeps & {
  secrets: Pick<Secrets, 'pepper'>;
  settings: Pick<Settings, 'uses' | 'policy'>;
};
export type EraseInput = {
  contactId: string;
  controller: string;
  requestedBy: RequestedBy;
  actor: Actor;
  /** Why, in words; sealed, because words may name the person. */
  note?: string | undefined;
  at: Instant;
  /** Asked of the contact as it is in the very moment; where it says no, nobody is erased. */
  onlyIf?: (contact: Contact) => boolean;
};
export type Erased = { kind: 'erased'; erased: ErasedContact } | { kind: 'unknown' | 'kept' };

/**
 * Forgets a person. One transaction ends the contact, its pointers and its salt and leaves a stub that names what is
 * still to be cleared; whatever stops us after it, the clock clears the rest. Repeated it answers the same.
 */
export async function eraseContact(deps: EraseDeps, input: EraseInput): Promise<Erased> {
  const ended = await untilRecorded(() => endContact(deps, input));
  if (ended.kind !== 'erased' || ended.erased.clearedAt) return ended;
  try {
    return { kind: 'erased', erased: await clearErased(deps.db, ended.erased) };
  } catch (error) {
    log('warn', 'erasure-unfinished', { contactId: input.contactId, ...errorFields(error) });
    return ended;
  }
}

/** Undefined where somebody wrote to the contact meanwhile. */
async function endContact(deps: EraseDeps, input: EraseInput): Promise<Erased | undefined> {
  const { contactId, controller, requestedBy, actor, note, at } = input;
  const contact = await readContact(deps.db, contactId);
  if (contact?.controller !== controller) {
    const erased = await readErased(deps.db, contactId);
    return erased?.controller === controller ? { kind: 'erased', erased } : { kind: 'unknown' };
  }
  if (input.onlyIf?.(contact) === false) return { kind: 'kept' };
  const kept = await keptProof(deps, contact, at);
  const calls = kept && (await readSentUses(deps.db, contactId)).filter(({ channel }) => channel === 'phone');
  const traces = { addressKeys: addressKeysOf(contact), externalIds: await hashedIds(deps, contact) };
  const toErasure = ({ seq, hash }: EvidenceEntry): Erasure => ({
    ...{ contactId, controller, erasedAt: at, requestedBy, ...traces, head: { seq, hash } },
    ...(kept ? { kept } : {}),
  });
  const leading = await leadingTo(deps.db, contactId, pointersOf({ controller, ...traces }));
  const recorded = await record(deps, {
    contact,
    draft: {
      type: 'erased',
      at,
      actor,
      route: routeOf(input),
      changes: [],
      reason: requestedBy,
    },
    // Calls stand sealed here and nowhere in clear, so that they go with the salt when the hold ends (H5).
    payload: { notes: note === undefined ? undefined : { reason: note }, calls },
    ends: (entry) => [
      leaveStub(toErasure(entry)),
      noteErasure(toErasure(entry)),
      ...holdSalt(toErasure(entry), contact.salt),
      ...leading.map((key) => bury(key, contactId, at)),
    ],
  });
  return recorded && { kind: 'erased', erased: toErasure(recorded.entry) };
}

function routeOf({ requestedBy, actor }: EraseInput): Route {
  if (requestedBy === 'retention') return 'clock';
  return actor.kind === 'person' ? 'log-in' : 'staff';
}

/** Until when evidence of the contact stays readable once it is erased at `at`. */
export async function keptProof(
  { db, settings }: Pick<EraseDeps, 'db' | 'settings'>,
  contact: Contact,
  at: Instant,
): Promise<KeptProof | undefined> {
  const { id, controller } = contact;
  const [entries, uses, policy] = await Promise.all([
    readEntries(db, id),
    settings.uses(controller),
    settings.policy(controller),
  ]);
  return proofToKeep(entries, contact, { uses, policy }, at);
}

/** The address of today, and those that grants were given for before it changed. */
function addressKeysOf({ addressKey, formerKeys = [], permissions }: Contact): string[] {
  const grants = Object.values(permissions).map(heldBy);
  const earlier = grants.map((grant) => (grant?.status === 'granted' ? grant.addressKey : undefined));
  return [...new Set([addressKey, ...formerKeys, ...earlier])].filter((key) => key !== undefined);
}

async function hashedIds(
  { secrets }: Pick<EraseDeps, 'secrets'>,
  { controller, externalIds = {} }: Contact,
): Promise<Record<string, string>> {
  const pepper = await secrets.pepper();
  return Object.fromEntries(
    Object.entries(externalIds).map(([system, id]) => [
      system,
      externalKey(pepper, controller, 'contact', { system, id }),
    ]),
  );
}
