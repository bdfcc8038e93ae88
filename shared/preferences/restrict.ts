import type { Contact } from '../contacts/contact.ts';
import { findContact } from '../contacts/find-contact.ts';
import type { Instant } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { StaffAct } from '../permission/block.ts';
import type { EvidenceDraft } from '../permission/evidence.ts';
import { record, untilRecorded } from '../permission/record.ts';
import type { RecordDeps } from '../permission/record.ts';
import type { Policy } from '../settings/policy.ts';
import { askUs, requestsOf } from './person-request.ts';
import type { PersonRequest } from './person-request.ts';

export type RestrictInput = {
  contact: Contact;
  /** Whose page it was on. */
  brand: string;
  /** Why, where the person says it. */
  text: string;
  policy: Pick<Policy, 'requests'>;
  at: Instant;
};

/**
 * Nothing is sent and nothing evaluated until one of us lifts it, whatever the brand and use, also those created later
 * (art. 18 GDPR). The request is noted first, so that one of us knows of it wherever storage fails after that; asked
 * again, it goes on where it stopped.
 * @returns the request; undefined where a second one is one too many, which changes nothing about the restriction
 */
export async function restrictContact(
  deps: RecordDeps,
  { contact, brand, text, policy, at }: RestrictInput,
): Promise<PersonRequest | undefined> {
  const { id: contactId, controller } = contact;
  const asked = await askUs(deps.db, {
    ...{ contactId, controller, brand, text, policy, at },
    kind: 'restriction',
  });
  await act(deps, { contactId, controller }, (now) =>
    now.restricted
      ? undefined
      : { type: 'restricted', at, actor: { kind: 'person' }, route: 'log-in', brand },
  );
  return asked;
}

export type LiftInput = {
  controller: string;
  contactId: string;
  /** In words; sealed, because words may speak of the person. */
  reason: string;
  /** Who of us. */
  actor: string;
  at: Instant;
};

/**
 * Ends a restriction; everything is as it was before, or as the person said since.
 * @throws AppError `conflict` while the person's request is unanswered: they are told before (art. 18(3) GDPR);
 *   `not-found`, `erased`
 */
export async function liftRestriction(
  deps: RecordDeps,
  { controller, contactId, reason, actor, at }: LiftInput,
): Promise<StaffAct> {
  const requests = await requestsOf(deps.db, controller, contactId);
  if (requests.some(({ kind, answered }) => kind === 'restriction' && !answered)) {
    throw new AppError(
      'conflict',
      'answer the request for restriction first: the person is told before it ends',
    );
  }
  return act(
    deps,
    { contactId, controller },
    (now) =>
      now.restricted && { type: 'unrestricted', at, actor: { kind: 'staff', id: actor }, route: 'staff' },
    { reason },
  );
}

async function act(
  deps: RecordDeps,
  { controller, contactId }: Pick<LiftInput, 'controller' | 'contactId'>,
  draftFor: (contact: Contact) => Omit<EvidenceDraft, 'changes'> | undefined,
  notes?: Record<string, string>,
): Promise<StaffAct> {
  return untilRecorded(async (): Promise<StaffAct | undefined> => {
    const contact = await findContact(deps.db, controller, contactId);
    const draft = draftFor(contact);
    if (!draft) return { kind: 'unchanged', contact };
    const recorded = await record(deps, {
      contact,
      draft: { ...draft, changes: [] },
      payload: { address: contact.address, ...(notes ? { notes } : {}) },
    });
    return recorded && { kind: 'recorded', ...recorded };
  });
}
