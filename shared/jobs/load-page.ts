import type { Contact } from '../contacts/contact.ts';
import { readAddresses, readClasses } from '../decision/load-known.ts';
import type { LoadDeps } from '../decision/load-known.ts';
import type { Known } from '../decision/take-snapshot.ts';
import { grantsOf } from '../permission/idle-since.ts';
import type { Cap } from '../settings/policy.ts';

/** A contact with all that decisions about any of its uses rest on. */
export type Loaded = Omit<Known, 'promised'> & { promises: ReadonlyMap<string, Cap> };

/** What decisions about a page of contacts need, for all uses in as few calls as can be (N10). */
export async function loadPage({ db, settings }: LoadDeps, contacts: readonly Contact[]): Promise<Loaded[]> {
  const [addressOf, classOf, promises] = await Promise.all([
    readAddresses(db, contacts),
    readClasses(db, contacts),
    Promise.all(contacts.map((contact) => promisesTo(settings, contact))),
  ]);
  return contacts.map((contact, at) => ({
    contact,
    address: addressOf(contact),
    accountClass: classOf(contact),
    promises: promises[at] ?? new Map<string, Cap>(),
  }));
}

/** What is known of a contact, as a question about one `brand#use` takes it. */
export function knownFor({ promises, ...known }: Loaded, place: string): Known {
  return { ...known, promised: promises.get(place) };
}

/** The frequency that the wording of each grant promised: that of the form's version then (G18). */
async function promisesTo(settings: LoadDeps['settings'], contact: Contact): Promise<Map<string, Cap>> {
  const promises = new Map<string, Cap>();
  for (const { place, granted } of grantsOf(contact)) {
    const form = granted.form && (await settings.formVersion(granted.form.id, granted.form.version));
    if (form?.promisedFrequency) promises.set(place, form.promisedFrequency);
  }
  return promises;
}
