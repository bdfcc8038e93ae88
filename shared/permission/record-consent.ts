import { findContact } from '../contacts/find-contact.ts';
import type { Contact } from '../contacts/contact.ts';
import type { Instant } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import type { Brand } from '../settings/brand.ts';
import { wordingHash } from '../settings/form.ts';
import type { Settings } from '../settings/store.ts';
import type { Use } from '../settings/uses.ts';
import { basisAct } from './basis-act.ts';
import type { StaffAct } from './block.ts';
import { RESTING, modelFor } from './models.ts';
import { namedBrand, namedUse } from './named-places.ts';
import { record, untilRecorded } from './record.ts';
import type { RecordDeps, RecordInput } from './record.ts';
import { heldBy, permissionOf } from './status.ts';
import type { Status } from './status.ts';
import { PAST, SPEAKS_FOR } from './told-consent.ts';
import type { ToldConsent, ToldGrant } from './told-consent.ts';

export type ConsentDeps = RecordDeps & { settings: Pick<Settings, 'brand' | 'uses'> };
export type ConsentInput = {
  controller: string;
  contactId: string;
  told: ToldConsent;
  at: Instant;
};
/** What is to be recorded, but for the contact; undefined where it is recorded already. */
type ConsentAct = Omit<RecordInput, 'contact'> | undefined;

/**
 * Writes down a consent or a basis that one of us was told. A consent by phone or on paper grants uses of its own
 * channel and only those nobody decided on; all else is a basis and never a grant.
 * @throws AppError `invalid` where the kind cannot speak for the use, `conflict` where the person or we said otherwise
 */
export async function recordConsent(deps: ConsentDeps, input: ConsentInput): Promise<StaffAct> {
  const { controller, contactId, told } = input;
  return untilRecorded(async (): Promise<StaffAct | undefined> => {
    const contact = await findContact(deps.db, controller, contactId);
    const brand = await namedBrand(deps.settings, controller, told.brand);
    refuseImpossible(input, await namedUse(deps.settings, controller, told.use));
    const act = actOf(input, contact, brand);
    if (!act) return { kind: 'unchanged', contact };
    const recorded = await record(deps, { contact, ...act });
    return recorded && { kind: 'recorded', ...recorded };
  });
}

function refuseImpossible({ told, at }: ConsentInput, { channel }: Use): void {
  const channels: readonly string[] = SPEAKS_FOR[told.kind];
  if (!channels.includes(channel)) {
    throw refused('/use', `${told.kind} says nothing about this channel`, 'wrong-channel');
  }
  const given = new Map<string, string | undefined>(Object.entries(told));
  const future = PAST.find((name) => (given.get(name) ?? '') > at);
  if (future) throw refused(`/${future}`, 'lies in the future', 'future');
}

function actOf({ told, at }: ConsentInput, contact: Contact, brand: Brand): ConsentAct {
  const held = permissionOf(contact, told.brand, told.use);
  const status = held?.status ?? RESTING[modelFor(brand, contact.country)];
  if (told.kind !== 'oral' && told.kind !== 'written') {
    const person = heldBy(held);
    return basisAct({ told, contact, status, isObjected: person?.status === 'withdrawn', at });
  }
  const wording = wordingHash(told.wording);
  const isSame =
    held?.status === 'granted' &&
    held.proof === told.kind &&
    held.wording === wording &&
    held.since === told.givenAt;
  return isSame ? undefined : grantAct(told, status, wording, at);
}

function grantAct(told: ToldGrant, status: Status, wording: string, at: Instant): ConsentAct {
  const { brand, use, kind, givenAt, actor, ...said } = told;
  switch (status) {
    case 'granted':
      throw conflict(status, 'The person agreed already; that consent stays.');
    case 'withdrawn':
      throw conflict(
        status,
        'The person said no; only their own act with proof of the mailbox leads out of it.',
      );
    case 'blocked':
      throw conflict(status, 'The use is blocked. Unblock it first.');
    case 'unclear':
    case 'open':
  }
  const sha256 = told.kind === 'oral' ? told.recording : told.document;
  return {
    draft: {
      type: 'granted',
      at,
      actor: { kind: 'staff', id: actor },
      route: kind === 'oral' ? 'oral' : 'paper',
      changes: [{ brand, use, from: status, to: 'granted', topics: [], wording, proof: kind }],
      document: { givenAt, ...(sha256 === undefined ? {} : { sha256 }) },
    },
    // The words were said or signed once and stand on no form: they are kept with the act, under their hash (G7).
    payload: { notes: { ...said, givenAt } },
  };
}

function refused(pointer: string, detail: string, code: string): AppError {
  return new AppError('invalid', `The member ${pointer.slice(1)} is not valid: ${detail}.`, {
    errors: [{ pointer, detail, code }],
  });
}

function conflict(reason: string, message: string): AppError {
  return new AppError('conflict', message, { reason });
}
