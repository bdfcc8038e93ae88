import type { DomainOwner } from '../contacts/account.ts';
import { companyOf } from '../contacts/company.ts';
import type { Contact } from '../contacts/contact.ts';
import { readAddress, readContact, tellAddress } from '../contacts/store.ts';
import { now } from '../platform/clock.ts';
import type { Instant } from '../platform/clock.ts';
import { newId, randomToken } from '../platform/ids.ts';
import type { Action } from '../platform/table.ts';
import type { Change, MailEvidence } from '../permission/evidence.ts';
import { RESTING, modelFor } from '../permission/models.ts';
import { record } from '../permission/record.ts';
import type { NewContact } from '../permission/apply-entry.ts';
import type { RecordDeps, Recorded } from '../permission/record.ts';
import { transition } from '../permission/rules.ts';
import type { Act } from '../permission/rules.ts';
import { heldBy, permissionOf } from '../permission/status.ts';
import type { Brand, PermissionModel } from '../settings/brand.ts';
import { FIELD_NAMES } from '../settings/form.ts';
import type { Uses } from '../settings/uses.ts';
import { declarationType } from './declared.ts';
import type { PendingSignup, SignupRequest } from './pending.ts';
import { demandsClick, topicsOf } from './plan.ts';

type Profile = Pick<Contact, 'language' | 'languageFrom' | 'fields' | 'country' | 'accountId'>;
export type GrantInput = {
  pending: PendingSignup;
  requestId: string;
  request: SignupRequest;
  brand: Brand;
  uses: Uses;
  /** Uses to grant: all that were ticked, or those that an accepted mail is enough for. */
  wanted: string[];
  mail: MailEvidence | undefined;
  /** The owner's click; absent for confirmed opt-in. */
  click?: { ip: string; userAgent: string; pageShownAt: Instant };
  /** Closes or marks the request in the same transaction. */
  also: (granted: { contactId: string; seq: number }) => Action[];
};
/** `nothing`: no use can be granted any more, because the person withdrew after signing up or a click is needed. */
export type Granted = ({ kind: 'granted' } & Recorded) | { kind: 'nothing' };

/**
 * Turns a sign-up request into permissions: contact, address pointer, one evidence entry for both acts, and the
 * request's end, in one transaction (ARCHITECTURE 2). A blocked use stays blocked and goes to the review list.
 * @returns undefined where a race was lost
 */
export async function grantRequest(deps: RecordDeps, input: GrantInput): Promise<Granted | undefined> {
  const { pending, request, brand } = input;
  const pointer = await readAddress(deps.db, pending.controller, pending.addressKey);
  // A complaint or bounce may have come in since the mail was planned.
  if (!input.click && demandsClick(pointer)) return { kind: 'nothing' };
  // What was asked for before an erasure is erased with it: an old mail brings nobody back (D4).
  if (pointer?.erasedAt !== undefined && request.at <= pointer.erasedAt) return { kind: 'nothing' };
  const existing = pointer?.contactId ? await readContact(deps.db, pointer.contactId) : undefined;
  // Erased between the two reads.
  if (pointer?.contactId && !existing) return undefined;
  const company = await companyOf(deps.db, pending.controller, request.address, existing);
  // Became a competitor's since the mail was planned: only a click makes the request that one of us decides on.
  if (!input.click && company?.class === 'competitor') return { kind: 'nothing' };
  const model = modelFor(brand, request.fields.country);
  const { uses, wanted } = input;
  const declared = { uses, wanted, request, act: input.click ? 'confirms' : 'mail-accepted' } as const;
  const changes = grantChanges(brand, declared, existing, model, company);
  if (changes.length === 0) return { kind: 'nothing' };
  const at = now();
  // The click proves the mailbox, so an earlier bounce no longer stands.
  if (input.click && pointer?.suppression?.hard) {
    await tellAddress(deps.db, pending.controller, pending.addressKey, { kind: 'proof', at });
  }
  const contact = existing ?? newContact(pending, request, at, company);
  const recorded = await record(deps, {
    contact,
    draft: {
      type: declarationType(changes),
      at,
      actor: input.click ? { kind: 'person' } : { kind: 'system', name: 'mail' },
      route: input.click ? 'double-opt-in' : 'confirmed-opt-in',
      changes,
      signup: {
        requestId: input.requestId,
        requestedAt: request.at,
        formShownAt: request.shownAt,
        form: request.form,
        boxes: request.uses,
        topics: request.topics,
        language: request.language,
        model,
        privacyNotice: request.privacyNotice,
        confirmPageShownAt: input.click?.pageShownAt,
      },
      mail: input.mail,
    },
    payload: {
      address: request.address,
      page: request.page,
      fields: request.fields,
      signup: { ip: request.ip, userAgent: request.userAgent },
      ...(input.click ? { ip: input.click.ip, userAgent: input.click.userAgent } : {}),
    },
    // An unproven post never changes an existing profile (DOMAIN 3).
    ...(existing && input.click ? { profile: profileOf(request, at, company, existing) } : {}),
    also: input.also({ contactId: contact.id, seq: (existing?.head.seq ?? 0) + 1 }),
  });
  return recorded && { kind: 'granted', ...recorded };
}

/** What somebody declared, and by which act. */
export type Declared = {
  uses: Uses;
  /** Uses to grant. */
  wanted: readonly string[];
  request: Pick<SignupRequest, 'at' | 'uses' | 'topics' | 'form'>;
  act: Extract<Act, 'confirms' | 'mail-accepted'>;
};

/**
 * What a declaration grants: nothing that was withdrawn after it, topics beside those already chosen. What we blocked,
 * and a competitor's, waits for one of us.
 */
export function grantChanges(
  brand: Brand,
  { uses, wanted, request, act }: Declared,
  contact: Contact | undefined,
  model: PermissionModel,
  company: Pick<DomainOwner, 'class'> | undefined,
): Change[] {
  return wanted.flatMap((use): Change[] => {
    const permission = permissionOf(contact, brand.id, use);
    const no = heldBy(permission);
    if (no?.status === 'withdrawn' && no.since > request.at) return [];
    const from = permission?.status ?? RESTING[model];
    const outcome = transition(from, act);
    if (outcome !== 'granted' && outcome !== 'review') return [];
    const isMail = uses.uses.some(({ id, channel }) => id === use && channel === 'email');
    const kept = permission?.status === 'granted' ? permission.topics : [];
    const { id, version } = request.form;
    const declared = {
      topics: [...new Set([...kept, ...topicsOf(uses, use, request.topics)])],
      wording: request.uses[use],
      form: { id, version },
      proof: act === 'confirms' ? ('double' as const) : ('confirmed' as const),
    };
    // A competitor's newsletter waits for one named person's yes (DOMAIN 4).
    return outcome === 'review' || (company?.class === 'competitor' && isMail)
      ? [{ brand: brand.id, use, from, to: from, review: true, ...declared }]
      : [{ brand: brand.id, use, from, to: 'granted', ...declared }];
  });
}

function newContact(
  pending: PendingSignup,
  request: SignupRequest,
  at: Instant,
  company: DomainOwner | undefined,
): NewContact {
  return {
    schema: 1,
    id: newId('con'),
    controller: pending.controller,
    address: request.address,
    addressKey: pending.addressKey,
    ...profileOf(request, at, company),
    source: { kind: 'form', id: request.form.id },
    createdAt: at,
    salt: randomToken(),
  };
}

function profileOf(
  request: SignupRequest,
  at: Instant,
  company: DomainOwner | undefined,
  existing?: Contact,
): Profile {
  const fields: Contact['fields'] = { ...existing?.fields };
  for (const name of FIELD_NAMES) {
    const value = request.fields[name];
    if (value) fields[name] = { value, source: 'person', at };
  }
  const country = request.fields.country ?? existing?.country;
  return {
    language: request.language,
    ...(existing?.languageFrom ? { languageFrom: 'person' as const } : {}),
    fields,
    ...(country ? { country } : {}),
    ...(company ? { accountId: company.accountId } : {}),
  };
}
