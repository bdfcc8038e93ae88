import type { Contact } from '../../shared/contacts/contact.ts';
import { externalKey } from '../../shared/contacts/external-key.ts';
import { now } from '../../shared/platform/clock.ts';
import { keys } from '../../shared/platform/keys.ts';
import type { Key, TableName } from '../../shared/platform/keys.ts';
import { write } from '../../shared/platform/table.ts';
import type { NewContact } from '../../shared/permission/apply-entry.ts';
import { record } from '../../shared/permission/record.ts';
import { askUs } from '../../shared/preferences/person-request.ts';
import type { AskInput } from '../../shared/preferences/person-request.ts';
import { eraseContact } from '../../shared/retention/erase.ts';
import type { EraseDeps, EraseInput } from '../../shared/retention/erase.ts';
import { demoBrand } from '../../shared/settings/demo.ts';
import { policy } from '../../shared/settings/policy.ts';
import { newPerson } from '../permission/person.ts';
import { CONTROLLER, linkIn, openTestSystem } from '../support/system.ts';

export type Retaining = Awaited<ReturnType<typeof openRetaining>>;

const TABLES = ['contacts', 'ledger', 'engagement', 'outbox', 'config'] as const satisfies TableName[];
export const ANNA = 'Anna.Berger@Example.com';
export const STAFF = { kind: 'staff', id: 'd.schmidt' } as const;
/** A second brand of the demo company. */
export const SISTER = { ...demoBrand, id: 'polarstern', name: 'Polarstern' };
/** What stands of Anna in the tables, in lower case. */
export const TRACES = ['anna.berger', 'bergermann', 'example.com', '+49 431 5550', 'k-4711', '203.0.113.9'];

/** What Anna asks, in words that name her. */
export function question(contactId: string, text = 'Who is Anna Bergermann to you?'): AskInput {
  const own = policy.parse({ id: CONTROLLER });
  return {
    ...{ contactId, controller: CONTROLLER, brand: demoBrand.id, kind: 'question' },
    ...{ text, policy: own, at: now() },
  };
}

/** A system with people of whom something stands in every table. */
export async function openRetaining() {
  const system = await openTestSystem();
  const { db, secrets } = system.deps;
  await system.set('brand', SISTER.id, SISTER);

  /** Signs up, confirms, is known to the CRM, was written to, asked us something, and asks for more at the sister brand. */
  const somebody = async (email = ANNA): Promise<Contact> => {
    const fields = { firstName: 'Anna', lastName: 'Bergermann', company: 'Bergermann KG' };
    await system.signUp(email, { fields, topics: ['drives'] });
    await system.work();
    await system.confirm(linkIn(system.mailsTo(email).at(-1), 'confirm'));
    await system.publish();
    const contact = await contactOf(email);
    const crm = { system: 'crm', id: `K-4711 ${email}` };
    const hashed = externalKey(await secrets.pepper(), CONTROLLER, 'contact', crm);
    await put('contacts', keys.externalId(CONTROLLER, 'crm', hashed), { contactId: contact.id });
    const sendId = `send-${contact.id}`;
    await put('engagement', keys.promotion(contact.id, now(), sendId), {
      ...{ sendId, at: now(), channel: 'email', brand: demoBrand.id, use: 'newsletter' },
    });
    await put('engagement', keys.send(sendId), { contactId: contact.id });
    const { pk } = keys.contact(contact.id);
    const events = Array.from({ length: 60 }, (_, at) => ({ pk, sk: `EVT#${at}` }));
    await Promise.all(events.map((key) => put('engagement', key, { page: `/of/${email}` })));
    await write(db, {
      update: 'contacts',
      key: keys.contact(contact.id),
      set: 'SET externalIds = :ids, #fields.phone = :phone, rev = :one',
      names: { '#fields': 'fields' },
      values: {
        ':ids': { crm: crm.id },
        ':phone': { value: '+49 431 5550', source: 'crm', at: now() },
        ':one': 1,
      },
    });
    await askUs(db, question(contact.id));
    await signUpAtSister(email);
    return contactOf(email);
  };

  /** Known from a list, never asked, never agreed. */
  const stranger = async (more: Partial<NewContact> = {}): Promise<Contact> => {
    const contact = newPerson({ source: { kind: 'import', id: 'fair-2026' }, ...more });
    const made = await record(system.deps, {
      contact,
      draft: { type: 'known', at: now(), actor: STAFF, route: 'import', changes: [] },
      payload: { address: contact.address },
    });
    if (!made) throw new Error('nobody else makes this contact');
    return made.contact;
  };

  const signUpAtSister = async (email: string) => {
    const own = await system.pendingOf(email);
    await system.signUp(email);
    const item = (await system.dump('outbox')).find(
      ({ pk }) => pk === keys.pendingSignup(demoBrand.id, own?.addressKey ?? '').pk,
    );
    if (!item) throw new Error('no sign-up');
    await write(db, {
      put: 'outbox',
      item: { ...item, ...keys.pendingSignup(SISTER.id, own?.addressKey ?? ''), brand: SISTER.id },
    });
  };

  const put = (table: TableName, key: Key, item: object) =>
    write(db, { put: table, item: { ...key, ...item } });

  const contactOf = async (email: string): Promise<Contact> => {
    const contact = await system.contactOf(email);
    if (!contact) throw new Error('nobody has this address');
    return contact;
  };

  /** Everything at rest in all tables, as one text in lower case. */
  const everything = async (): Promise<string> =>
    JSON.stringify(await Promise.all(TABLES.map((table) => system.dump(table)))).toLowerCase();

  const erase = (contactId: string, more: Partial<EraseInput> = {}, deps: EraseDeps = system.deps) =>
    eraseContact(deps, {
      ...{ contactId, controller: CONTROLLER, requestedBy: 'person', actor: STAFF, at: now() },
      note: 'Letter of Anna Bergermann',
      ...more,
    });

  /** Which of Anna's traces stand in clear somewhere. */
  const traces = async () => {
    const all = await everything();
    return TRACES.filter((trace) => all.includes(trace));
  };

  return { ...system, somebody, stranger, erase, everything, traces };
}
