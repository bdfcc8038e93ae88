import { checkAccount } from '../contacts/change-contact.ts';
import type { Contact, ContactSource, FieldSource } from '../contacts/contact.ts';
import { identify } from '../contacts/find-contact.ts';
import type { FindDeps, Identified, Identity } from '../contacts/find-contact.ts';
import {
  claimAddress,
  claimExternalId,
  isProfileChanged,
  readContact,
  updateProfile,
} from '../contacts/store.ts';
import { applyTold } from '../contacts/told.ts';
import type { Told } from '../contacts/told.ts';
import type { Kept } from '../contacts/told-fields.ts';
import { HOUR, plus } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { AppError } from '../platform/errors.ts';
import { newId, randomToken } from '../platform/ids.ts';
import { transact } from '../platform/table.ts';
import type { Action } from '../platform/table.ts';
import type { Settings } from '../settings/store.ts';
import type { NewContact } from './apply-entry.ts';
import { blockChanges } from './block-changes.ts';
import type { Actor, Change, Route } from './evidence.ts';
import { namedBrand, namedUses } from './named-places.ts';
import { record, untilRecorded } from './record.ts';
import type { RecordDeps } from './record.ts';

export type MakeKnownDeps = RecordDeps & FindDeps & { settings: Pick<Settings, 'brand' | 'uses' | 'policy'> };
/** Uses that we say no to while somebody is entered; all bulk uses where none are named (DOMAIN 2). */
export type BlockAtEntry = { brand: string; uses?: string[] | undefined; reason: string };
export type MakeKnownInput = {
  controller: string;
  identity: Identity;
  source: ContactSource;
  told: Told;
  toldBy: FieldSource;
  block?: BlockAtEntry | undefined;
  actor: Actor;
  at: Instant;
};
export type MadeKnown = { kind: 'created' | 'updated'; contact: Contact; kept: Kept[] };

/**
 * What follows from where a contact came from. Whoever was entered by others than themselves rests, so that sales can
 * block first (DOMAIN 2); on a form the person acted.
 */
const ENTRY = {
  form: { route: 'import', rests: false },
  api: { route: 'import', rests: false },
  staff: { route: 'staff', rests: true },
  'business-card': { route: 'staff', rests: true },
  crm: { route: 'crm', rests: true },
  import: { route: 'import', rests: true },
  partner: { route: 'import', rests: true },
} as const satisfies Record<ContactSource['kind'], { route: Route; rests: boolean }>;

const REFUSED = {
  erased: 'This person was erased. Only their own new sign-up makes them known again.',
  'two-contacts': 'The address is one contact’s and the external id another’s.',
} as const;

/** Where German is what people are likely to read. */
const GERMAN = new Set(['DE', 'AT', 'CH', 'LI', 'LU']);

/**
 * Makes somebody known, or tells more about somebody who is: never a consent (G10). Of parallel calls for one address
 * or external id one creates, the others update.
 * @throws AppError `conflict` where the person was erased or the identity is two people's
 */
export async function makeKnown(deps: MakeKnownDeps, input: MakeKnownInput): Promise<MadeKnown> {
  await checkAccount(deps, input.controller, input.told);
  return untilRecorded(async (): Promise<MadeKnown | undefined> => {
    const known = await identify(deps, input.controller, input.identity);
    if (known.refused) throw new AppError('conflict', REFUSED[known.refused], { reason: known.refused });
    if (known.contactId === undefined) return create(deps, input, known);
    const contact = await readContact(deps.db, known.contactId);
    return contact && update(deps, input, known, contact);
  });
}

async function create(
  deps: MakeKnownDeps,
  input: MakeKnownInput,
  { address, external }: Identified,
): Promise<MadeKnown | undefined> {
  const { source, told, toldBy, at, controller } = input;
  const { route, rests } = ENTRY[source.kind];
  const { holdHours } = await deps.settings.policy(controller);
  const abroad = typeof told.country === 'string' && !GERMAN.has(told.country);
  const empty: NewContact = {
    schema: 1,
    id: newId('con'),
    controller,
    ...(address ? { address: address.delivery, addressKey: address.key } : {}),
    ...(external ? { externalIds: { [external.system]: external.id } } : {}),
    language: told.language ?? (abroad ? 'en' : 'de'),
    languageFrom: toldBy,
    fields: {},
    source,
    createdAt: at,
    ...(rests ? { holdUntil: plus(at, holdHours * HOUR) } : {}),
    salt: randomToken(),
  };
  const { contact, kept } = applyTold(empty, told, toldBy, at);
  const fields = Object.entries(contact.fields).map(([name, { value }]) => [name, value] as const);
  const recorded = await record(deps, {
    contact,
    draft: {
      type: 'known',
      at,
      actor: input.actor,
      route,
      changes: await changesOf(deps, input, contact),
      source,
    },
    payload: { address: contact.address, fields: Object.fromEntries(fields), ...notes(input) },
    also: external
      ? [claimExternalId(controller, external.system, external.key, { contactId: contact.id })]
      : [],
  });
  return recorded && { kind: 'created', contact: recorded.contact, kept };
}

/** Block and profile are two writes: after half of it a repetition does the rest. */
async function update(
  deps: MakeKnownDeps,
  input: MakeKnownInput,
  known: Identified,
  found: Contact,
): Promise<MadeKnown | undefined> {
  const { told, toldBy, at, actor, source } = input;
  const linked = link(found, known);
  const changes = await changesOf(deps, input, found);
  const blocked =
    changes.length === 0
      ? { contact: found }
      : await record(deps, {
          contact: found,
          draft: { type: 'blocked', at, actor, route: ENTRY[source.kind].route, changes },
          payload: { address: found.address, ...notes(input) },
        });
  if (!blocked) return undefined;
  const before = blocked.contact;
  const { contact, kept } = applyTold({ ...before, ...linked.profile }, told, toldBy, at);
  if (!isProfileChanged(before, contact)) return { kind: 'updated', contact: before, kept };
  const outcome = await transact(deps.db, [updateProfile(before, contact, at), ...linked.pointers]);
  if (!outcome.done) return undefined;
  return { kind: 'updated', contact: { ...contact, rev: (before.rev ?? 0) + 1, updatedAt: at }, kept };
}

/** What a contact known by one of the two learns of the other: its first address, an id in one more system. */
function link(
  { id, controller, address: held, externalIds }: Contact,
  { address, external }: Identified,
): { profile: Partial<Contact>; pointers: Action[] } {
  const profile: Partial<Contact> = {};
  const pointers: Action[] = [];
  if (address && address.contactId === undefined) {
    if (held !== undefined) {
      throw new AppError('invalid', 'The contact has another address, and only the person changes it (D3).', {
        errors: [
          { pointer: '/email', detail: 'differs from the address of the contact', code: 'address-differs' },
        ],
      });
    }
    Object.assign(profile, { address: address.delivery, addressKey: address.key });
    pointers.push(claimAddress(controller, address.key, id, { lifts: false }));
  }
  if (external && external.contactId === undefined) {
    const other = externalIds?.[external.system];
    if (other !== undefined) {
      throw new AppError('conflict', 'The contact has another id in this system.', {
        reason: 'other-external-id',
      });
    }
    profile.externalIds = { ...externalIds, [external.system]: external.id };
    pointers.push(claimExternalId(controller, external.system, external.key, { contactId: id }));
  }
  return { profile, pointers };
}

async function changesOf(
  { settings }: MakeKnownDeps,
  { controller, block }: MakeKnownInput,
  contact: Contact | NewContact,
): Promise<Change[]> {
  if (!block) return [];
  const brand = await namedBrand(settings, controller, block.brand, '/block/brand');
  return blockChanges(contact, brand, await namedUses(settings, controller, block.uses, '/block/uses'));
}

function notes({ block }: MakeKnownInput) {
  return block ? { notes: { reason: block.reason } } : {};
}
