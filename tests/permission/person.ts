import type { Contact, GrantedPermission, Permission } from '../../shared/contacts/contact.ts';
import { permissionKey } from '../../shared/contacts/contact.ts';
import { readContact } from '../../shared/contacts/store.ts';
import { now } from '../../shared/platform/clock.ts';
import type { Instant } from '../../shared/platform/clock.ts';
import { newId, randomToken, sha256 } from '../../shared/platform/ids.ts';
import { keys } from '../../shared/platform/keys.ts';
import { write } from '../../shared/platform/table.ts';
import type { Database } from '../../shared/platform/table.ts';
import type { Change, EvidenceDraft } from '../../shared/permission/evidence.ts';
import { record, untilRecorded } from '../../shared/permission/record.ts';
import type { NewContact } from '../../shared/permission/apply-entry.ts';
import type { Recorded } from '../../shared/permission/record.ts';
import type { WithdrawDeps } from '../../shared/permission/withdraw.ts';
import type { Brand } from '../../shared/settings/brand.ts';
import { demoBrand, demoUses } from '../../shared/settings/demo.ts';
import type { Settings } from '../../shared/settings/store.ts';
import type { Uses } from '../../shared/settings/uses.ts';
import { openTestDatabase } from '../support/engine.ts';
import type { TestDatabase } from '../support/engine.ts';
import { testSecrets } from '../support/system.ts';

export const brand: Brand = demoBrand;
/** Another brand of the same controller. */
export const sister: Brand = { ...demoBrand, id: 'polarstern', name: 'Polarstern' };
/** The demo company's uses. */
export const uses: Uses = demoUses;
export const WORDING = sha256('Yes, please.');
export const PERSON = { kind: 'person' } as const;

export type Deps = WithdrawDeps & { db: TestDatabase; settings: Pick<Settings, 'brand' | 'uses'> };

/** What recording and withdrawing need, on a database of its own. */
export async function openLedger(): Promise<Deps> {
  return {
    db: await openTestDatabase(),
    secrets: testSecrets(),
    settings: {
      uses: () => Promise.resolve(uses),
      brand: (id) => Promise.resolve([brand, sister].find((one) => one.id === id)),
    },
  };
}

export function newPerson(more: Partial<NewContact> = {}): NewContact {
  const at = now();
  return {
    schema: 1,
    id: newId('con'),
    controller: brand.controller.id,
    address: 'Anna.Berger@Example.com',
    addressKey: randomToken(16),
    language: 'de',
    fields: {},
    source: { kind: 'form', id: 'newsletter' },
    createdAt: at,
    salt: randomToken(),
    ...more,
  };
}

/** A use agreed to anew. */
export function granted(use: string, topics: string[] = [], more: Partial<Change> = {}): Change {
  return {
    brand: brand.id,
    use,
    from: 'unclear',
    to: 'granted',
    topics,
    wording: WORDING,
    form: { id: 'newsletter', version: 1 },
    proof: 'double',
    ...more,
  };
}

/** A grant as it lies on a contact. */
export function grant(seq: number, topics: string[] = [], since = '2026-11-20T08:00:00.000Z') {
  return {
    status: 'granted',
    since,
    seq,
    addressKey: 'a1',
    topics,
    wording: WORDING,
    form: { id: 'newsletter', version: 1 },
    proof: 'double',
  } satisfies GrantedPermission;
}

/** An act of the person, by default a double opt-in of which nothing is missing. */
export function draft(changes: Change[], more: Partial<EvidenceDraft> = {}): EvidenceDraft {
  const at = now();
  return { type: 'granted', at, actor: PERSON, route: 'double-opt-in', changes, ...asked(at), ...more };
}

/** What is kept of sign-up and mail, where nothing went wrong. */
export function asked(at: Instant) {
  return {
    signup: {
      requestId: newId('req'),
      requestedAt: at,
      formShownAt: at,
      form: { id: 'newsletter', version: 1, sha256: sha256('the form') },
      boxes: {},
      topics: [],
      language: 'de',
      model: 'double-opt-in',
      privacyNotice: { version: '2026-10', url: 'https://www.nordlicht.example/datenschutz' },
      confirmPageShownAt: at,
    },
    mail: {
      template: 'confirmation@1',
      sha256: sha256('the mail'),
      startedAt: at,
      messageId: newId('ses'),
      sentAt: at,
      deliveredAt: at,
    },
  } satisfies Pick<EvidenceDraft, 'signup' | 'mail'>;
}

export async function recorded(outcome: Promise<Recorded | undefined>): Promise<Recorded> {
  const result = await outcome;
  if (!result) throw new Error('a race was lost that nobody ran');
  return result;
}

/** Somebody who confirmed `changes`; by default the newsletter with two topics. */
export async function createPerson(
  deps: Deps,
  changes = [granted('newsletter', ['drives', 'service'])],
): Promise<Contact> {
  const contact = newPerson();
  const made = record(deps, { contact, draft: draft(changes), payload: { address: contact.address } });
  return (await recorded(made)).contact;
}

/** One more act of somebody known, as a use case makes it: read, record, and again where the race was lost. */
export async function act(deps: Deps, contactId: string, made: EvidenceDraft): Promise<Recorded> {
  return untilRecorded(async () => {
    const contact = await reread(deps.db, contactId);
    return record(deps, { contact, draft: made, payload: { address: contact.address } });
  });
}

export async function reread(db: Database, contactId: string): Promise<Contact> {
  const contact = await readContact(db, contactId);
  if (!contact) throw new Error(`no contact ${contactId}`);
  return contact;
}

/** Seeds a permission behind the recorder's back: the staff's side is not built yet. */
export async function seedPermission(
  db: Database,
  contactId: string,
  use: string,
  permission: Permission,
): Promise<void> {
  await write(db, {
    update: 'contacts',
    key: keys.contact(contactId),
    set: 'SET #permissions.#key = :permission',
    names: { '#permissions': 'permissions', '#key': permissionKey(brand.id, use) },
    values: { ':permission': permission },
  });
}
